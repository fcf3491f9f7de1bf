package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.BrokerUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of changes of the path. */
class PathLogTest {

  private static final BrokerUrl URL = BrokerUrl.parse("mqtt-quic://broker");
  private static final Uplink WIRED = new Uplink("eth0", InetAddress.getLoopbackAddress());
  private static final Uplink MOBILE = new Uplink("wwan0", InetAddress.getLoopbackAddress());
  private static final PathEvent CHANGED =
      new PathEvent.Changed(WIRED, MOBILE, ChangeReason.ROUTE_CHANGED);

  private final EmbeddedChannel time = new EmbeddedChannel();
  private final PathLog log = new PathLog(time.eventLoop());

  @BeforeEach
  void freezeTime() {
    time.freezeTime();
  }

  private void passes(Duration duration) {
    time.advanceTimeBy(duration.toMillis(), TimeUnit.MILLISECONDS);
    time.runScheduledPendingTasks();
  }

  private static PathEvent recovered(int gapMillis) {
    return new PathEvent.Recovered(
        WIRED, MOBILE, ChangeReason.ROUTE_CHANGED, Duration.ofMillis(gapMillis));
  }

  @Test
  void whatHappensToAllConnectionsWithinASecondIsOneChange() {
    log.happened(URL, CHANGED);
    log.happened(URL, CHANGED);
    passes(Duration.ofMillis(999));
    log.happened(URL, CHANGED);
    assertThat(log.newestFirst()).as("before its second is over").hasSize(1);
    passes(Duration.ofMillis(1));
    log.happened(URL, CHANGED);

    assertThat(log.newestFirst()).extracting(PathChange::connections).containsExactly(1, 3);
    assertThat(log.newestFirst()).extracting(PathChange::event).containsOnly(CHANGED);
  }

  @Test
  void keepsTheLongestGap() {
    log.happened(URL, recovered(20));
    log.happened(URL, recovered(300));
    log.happened(URL, recovered(10));

    assertThat(log.newestFirst())
        .singleElement()
        .extracting(PathChange::longestGap, PathChange::connections)
        .containsExactly(Duration.ofMillis(300), 3);
  }

  @Test
  void forgetsTheOldest() {
    for (int i = 0; i < 1_000; i++) {
      log.happened(URL, recovered(i));
      passes(Duration.ofSeconds(1));
    }
    assertThat(log.newestFirst())
        .hasSize(50)
        .extracting(change -> change.longestGap().toMillis())
        .contains(999L, 950L)
        .doesNotContain(949L);
  }
}
