package mqttsn.gateway.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Where the broker does not bear PUBREL for a packet identifier, it holds that one for ever: a
 * later message under it would be taken for a duplicate.
 */
class UnusablePacketIdentifierTest {

  private static final int POISONED = QueuedItem.derived(1);

  @Test
  void isNotThatOfALaterMessage() throws IOException {
    List<String> lines = untilItsTurnComes();
    publish(lines, QueuedItem.PACKET_IDENTIFIERS + 1, POISONED + 1);
    publish(lines, QueuedItem.PACKET_IDENTIFIERS + 2, POISONED + 1);

    new Scenario().play("generated", lines);
  }

  @Test
  void isUsedAgainWhenTheBrokerHasForgottenIt() throws IOException {
    List<String> lines = untilItsTurnComes();
    lines.add("gateway> lost");
    lines.add("gateway opens persistent untilClosed");
    lines.add("gateway> connected");
    publish(lines, QueuedItem.PACKET_IDENTIFIERS + 1, POISONED);

    new Scenario().play("generated", lines);
  }

  @Test
  void isNotThatOfALaterMessageThatASessionHolds() throws IOException {
    List<String> lines =
        new ArrayList<>(Resources.lines("scenarios/4.2-aggregating-poison-release.txt"));
    for (int packetIdentifier = 3; packetIdentifier <= 0xFFFF; packetIdentifier++) {
      publish(lines, packetIdentifier);
    }
    publish(lines, 2);

    new Scenario().play("generated", lines);
  }

  private static void publish(List<String> lines, int packetIdentifier) {
    lines.add("b> PUBLISH qos=1 topic=short:cc msgId=" + packetIdentifier + " data=\"x\"");
    lines.add("gateway< PUBLISH id=" + packetIdentifier + " topic=cc qos=1 \"x\"");
    lines.add("gateway> PUBACK id=" + packetIdentifier);
    lines.add("b< PUBACK topicId=25443 msgId=" + packetIdentifier + " returnCode=accepted");
  }

  private static List<String> untilItsTurnComes() throws IOException {
    List<String> lines = new ArrayList<>(Resources.lines("scenarios/queue-poison-release.txt"));
    for (int number = 4; number <= QueuedItem.PACKET_IDENTIFIERS; number++) {
      publish(lines, number, QueuedItem.derived(number));
    }
    return lines;
  }

  private static void publish(List<String> lines, int number, int packetIdentifier) {
    lines.add("a> PUBLISH qos=1 topic=short:cc msgId=" + number + " data=\"x\"");
    lines.add("queue< enqueue " + number + " client=s1 topic=cc qos=1 \"x\"");
    lines.add("gateway< PUBLISH id=" + packetIdentifier + " topic=cc qos=1 \"x\"");
    lines.add("queue> stored " + number);
    lines.add("a< PUBACK topicId=25443 msgId=" + number + " returnCode=accepted");
    lines.add("gateway> PUBACK id=" + packetIdentifier);
    lines.add("queue< dequeue " + number);
  }
}
