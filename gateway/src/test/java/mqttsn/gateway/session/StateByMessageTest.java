package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mqttsn.codec.MessageType;
import mqttsn.gateway.session.StateByMessage.Block;
import mqttsn.gateway.session.StateByMessage.Cell;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every state meets every message: proves 6.14-17. */
class StateByMessageTest {

  /** The steps of the connect dialogue count as states, too. */
  private static final List<String> DIALOGUE =
      List.of("dialogue-will-topic", "dialogue-will-msg", "dialogue-broker");

  private final List<Block> table =
      StateByMessage.parse(Resources.lines("conformance/state-by-message.txt"));

  StateByMessageTest() throws IOException {}

  @TestFactory
  Stream<DynamicTest> everyCellIsAsTheTableSays() {
    return table.stream()
        .flatMap(
            block ->
                block.cells().stream()
                    .map(
                        cell ->
                            dynamicTest(
                                block.state() + ": " + cell.message(),
                                () -> assertThat(block.play(cell)).isEqualTo(cell))));
  }

  @Test
  void tableHasEveryState() {
    List<String> states =
        Stream.concat(Arrays.stream(State.values()).map(Labels::of), DIALOGUE.stream()).toList();
    assertThat(table).extracting(Block::state).containsExactlyInAnyOrderElementsOf(states);
  }

  @Test
  void everyStateHasEveryMessageThatAGatewayMayReceive() {
    Set<MessageType> all =
        Arrays.stream(MessageType.values())
            .filter(MessageType::isToGateway)
            .collect(Collectors.toSet());
    for (Block block : table) {
      Set<MessageType> present =
          block.cells().stream()
              .map(Cell::parsedMessage)
              .map(message -> message.type())
              .collect(Collectors.toSet());
      assertThat(present).as(block.state()).isEqualTo(all);
    }
  }
}
