package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Notice;
import mqttsn.gateway.session.Notice.Event;
import org.junit.jupiter.api.Test;

class OperatorLogTest {

  private final List<String> lines = new ArrayList<>();
  private long now = 1;
  private final OperatorLog log =
      new OperatorLog(
          () -> now, line -> lines.add("INFO " + line), line -> lines.add("WARN " + line));

  @Test
  void saysEachNoticeInALineWithItsLevel() {
    for (Event event : Event.values()) {
      happens(event, "s1", 1, "why");
    }

    assertThat(lines)
        .containsExactly(
            "INFO client s1 at 10.0.0.1:2000 connected: why",
            "WARN client s1 at 10.0.0.1:2000 refused: why",
            "INFO client s1 at 10.0.0.1:2000 disconnected: why",
            "INFO client s1 at 10.0.0.1:2000 sleeps: why",
            "WARN client s1 at 10.0.0.1:2000 lost: why",
            "INFO client s1 at 10.0.0.1:2000 moved there: why",
            "INFO client s1 at 10.0.0.1:2000 ended by the gateway: why",
            "WARN client s1 at 10.0.0.1:2000 lost its broker connection: why",
            "INFO client s1 at 10.0.0.1:2000 has its broker connection back: why",
            "WARN client s1 at 10.0.0.1:2000 lost a message: why");
  }

  @Test
  void leavesOutWhatANoticeDoesNotTell() {
    log.accept(new Notice(Event.MESSAGE_DROPPED, "", null, ""));

    assertThat(lines).containsExactly("WARN client (no id) lost a message");
  }

  @Test
  void saysARefusalOnceForEachAddressAndReason() {
    happens(Event.REFUSED, "s1", 1, "congestion");
    happens(Event.REFUSED, "s2", 1, "congestion");
    happens(Event.REFUSED, "s3", 1, "congestion");
    happens(Event.REFUSED, "s3", 1, "not supported");
    happens(Event.REFUSED, "s4", 2, "congestion");

    assertThat(lines)
        .containsExactly(
            "WARN client s1 at 10.0.0.1:2000 refused: congestion",
            "WARN client s3 at 10.0.0.1:2000 refused: not supported",
            "WARN client s4 at 10.0.0.2:2000 refused: congestion");
    assertThat(saidAfterAWindow())
        .containsExactly(
            "WARN clients refused at 10.0.0.1 (congestion): 2 more times in the last 10 s");
  }

  @Test
  void saysOnceThatBrokerConnectionsAreLostAndOnceThatTheyAreBack() {
    for (int i = 1; i <= 1_000; i++) {
      happens(Event.BROKER_LOST, "s" + i, i % 200, "connection closed");
    }
    for (int i = 1; i <= 900; i++) {
      happens(Event.BROKER_BACK, "s" + i, i % 200, i > 700 ? "session lost" : "");
    }

    assertThat(lines)
        .containsExactly(
            "WARN client s1 at 10.0.0.1:2000 lost its broker connection: connection closed",
            "INFO client s1 at 10.0.0.1:2000 has its broker connection back",
            "INFO client s701 at 10.0.0.101:2000 has its broker connection back: session lost");
    assertThat(saidAfterAWindow())
        .containsExactlyInAnyOrder(
            "WARN broker connections lost (connection closed): 999 more times in the last 10 s",
            "INFO broker connections back: 699 more times in the last 10 s",
            "INFO broker connections back (session lost): 199 more times in the last 10 s");
  }

  @Test
  void countsTogetherWhatIsMoreThanTheLinesOfAWindow() {
    for (int i = 1; i <= OperatorLog.MAX_LINES + 3; i++) {
      happens(Event.REFUSED, "s", i, "congestion");
      happens(Event.BROKER_LOST, "s", 1, "reason " + i);
    }

    assertThat(lines).hasSize(2 * OperatorLog.MAX_LINES);
    assertThat(saidAfterAWindow())
        .containsExactly(
            "WARN clients refused at other addresses: 3 more times in the last 10 s",
            "WARN broker connections lost for other reasons: 3 more times in the last 10 s");
  }

  @Test
  void saysEveryNoticeOfOneClientAlone() {
    for (int i = 0; i < 2 * OperatorLog.MAX_LINES; i++) {
      happens(Event.LOST, "s1", 1, "silent");
    }

    assertThat(lines).hasSize(2 * OperatorLog.MAX_LINES);
    assertThat(saidAfterAWindow()).isEmpty();
  }

  @Test
  void isSilentWhenNothingRepeatedAndBeginsAnewAfterwards() {
    happens(Event.BROKER_LOST, "s1", 1, "connection closed");
    assertThat(saidAfterAWindow()).isEmpty();

    happens(Event.BROKER_LOST, "s1", 1, "connection closed");
    assertThat(lines)
        .containsExactly(
            "WARN client s1 at 10.0.0.1:2000 lost its broker connection: connection closed");
  }

  private List<String> saidAfterAWindow() {
    lines.clear();
    now += OperatorLog.WINDOW.toNanos();
    log.sayWhatRepeated();
    List<String> said = List.copyOf(lines);
    lines.clear();
    return said;
  }

  private void happens(Event event, String clientId, int host, String detail) {
    log.accept(new Notice(event, clientId, address(host), detail));
  }

  private static ClientAddress address(int host) {
    try {
      InetAddress ip = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host});
      return new ClientAddress(0, new InetSocketAddress(ip, 2_000), null);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
