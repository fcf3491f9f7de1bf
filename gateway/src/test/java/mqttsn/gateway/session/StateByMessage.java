package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Message;
import mqttsn.codec.text.MessageText;

/**
 * The golden table of {@code conformance/state-by-message.txt}: for each state a block with how a
 * client gets there and what each message leads to.
 *
 * <pre>
 * == asleep
 * + a&gt; CONNECT ...                       a line of the scenario that leads there
 * PINGREQ => a&lt; PINGRESP => asleep       message, what follows, next state
 * </pre>
 */
final class StateByMessage {

  /**
   * One cell: the message to the client {@code sens} at address {@code a}, and all that follows.
   */
  record Cell(String message, List<String> answers, String nextState) {

    static Cell parse(String line) {
      String[] parts = line.split(" => ", -1);
      List<String> answers = parts[1].equals("nothing") ? List.of() : List.of(parts[1].split("; "));
      return new Cell(parts[0], answers, parts[2]);
    }

    Message parsedMessage() {
      return MessageText.parse(message);
    }
  }

  /** One state with its row of cells. */
  record Block(String state, List<String> setUp, List<Cell> cells) {

    /** What the message of a cell really leads to. */
    Cell play(Cell cell) {
      Scenario scenario = new Scenario();
      scenario.play(state, setUp);
      List<String> answers = scenario.observe("a", cell.parsedMessage());
      return new Cell(cell.message(), answers, scenario.stateOf("sens"));
    }
  }

  private StateByMessage() {}

  static List<Block> parse(List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("== ")) {
        blocks.add(new Block(line.substring(3), new ArrayList<>(), new ArrayList<>()));
      } else if (line.startsWith("+ ")) {
        blocks.get(blocks.size() - 1).setUp().add(line.substring(2));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        blocks.get(blocks.size() - 1).cells().add(Cell.parse(line));
      }
    }
    return blocks;
  }
}
