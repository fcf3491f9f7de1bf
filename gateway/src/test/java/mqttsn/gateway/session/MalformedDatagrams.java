package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mqttsn.codec.Decoded;
import mqttsn.codec.PingReq;

/**
 * The golden table of {@code conformance/malformed.txt}: what malformed and borderline datagrams
 * lead to, from an unknown address, from a connected client, and in its will dialogue.
 *
 * <pre>
 * # REGISTER without TopicName
 * M35: 06 0A 00 00 00 01
 *   unknown: refusal unusable => nothing
 * </pre>
 */
final class MalformedDatagrams {

  /** Who sends the datagram: what happened before at address {@code a}. */
  enum Sender {
    UNKNOWN(""),
    CONNECTED(
        """
        connect a known cleanSession
        a> REGISTER msgId=1 topicName=known/topic
        a< REGACK topicId=1 msgId=1 returnCode=accepted
        """),
    DIALOGUE(
        """
        a> CONNECT clientId=known cleanSession will duration=60
        a< WILLTOPICREQ
        """);

    private final String setUp;

    Sender(String setUp) {
      this.setUp = setUp;
    }

    List<String> setUp() {
      return setUp.lines().toList();
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What one sender gets for it, and the state of the client known afterwards. */
  record Reaction(Sender sender, List<String> answers, String nextState) {

    static Reaction parse(String line) {
      int colon = line.indexOf(": ");
      String[] parts = line.substring(colon + 2).split(" => ");
      return new Reaction(
          Sender.valueOf(line.substring(0, colon).strip().toUpperCase(Locale.ROOT)),
          parts[0].equals("nothing") ? List.of() : List.of(parts[0].split("; ")),
          parts[1]);
    }

    String render() {
      String all = answers.isEmpty() ? "nothing" : String.join("; ", answers);
      return "  " + sender.label() + ": " + all + " => " + nextState;
    }
  }

  /** One datagram. */
  record Vector(String name, String octets, List<Reaction> reactions) {

    /** What the gateway makes of it, octets to actions. */
    Reaction play(Sender sender) {
      Scenario scenario = new Scenario();
      scenario.play(sender.label(), sender.setUp());
      List<String> answers = scenario.observe("a", decoded());
      return new Reaction(sender, answers, scenario.stateOf("known"));
    }

    /** Sends it a client's way, then asks with PINGREQ whether the session is still there. */
    List<String> playThenPing() {
      Scenario scenario = new Scenario();
      scenario.play("connected", Sender.CONNECTED.setUp());
      scenario.observe("a", decoded());
      return scenario.observe("a", new PingReq(""));
    }

    private Decoded decoded() {
      return Datagrams.decoded(octets);
    }
  }

  private MalformedDatagrams() {}

  static List<Vector> parse(List<String> lines) {
    List<Vector> vectors = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("  ")) {
        vectors.get(vectors.size() - 1).reactions().add(Reaction.parse(line));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        vectors.add(
            new Vector(
                line.substring(0, colon), line.substring(colon + 1).strip(), new ArrayList<>()));
      }
    }
    return vectors;
  }
}
