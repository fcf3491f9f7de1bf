package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Notice;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");
  private static final ClientAddress ADDRESS =
      new ClientAddress(0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), null);

  private final List<Notice> told = new ArrayList<>();
  private Instant now = BEGIN;
  private final RecentEvents recent = new RecentEvents(told::add, () -> now);

  private static Notice notice(Notice.Event event, String clientId) {
    return new Notice(event, clientId, ADDRESS, "why");
  }

  private void happens(Notice.Event event, String clientId) {
    recent.accept(notice(event, clientId));
  }

  @Test
  void remembersWhatAnOperatorLooksForAndTellsEverything() {
    happens(Notice.Event.CONNECTED, "a");
    happens(Notice.Event.REFUSED, "b");
    happens(Notice.Event.LOST, "a");

    assertThat(recent.newestFirst())
        .containsExactly(
            new RecentEvents.Entry(BEGIN, notice(Notice.Event.LOST, "a"), 0),
            new RecentEvents.Entry(BEGIN, notice(Notice.Event.REFUSED, "b"), 0));
    assertThat(told).hasSize(3);
  }

  @Test
  void whatHappensToManyAtOnceIsOneEntry() {
    happens(Notice.Event.REFUSED, "before");
    for (int i = 0; i < 10_000; i++) {
      happens(Notice.Event.BROKER_LOST, "client-" + i);
    }
    now = BEGIN.plusSeconds(1);
    happens(Notice.Event.BROKER_LOST, "later");

    assertThat(recent.newestFirst())
        .containsExactly(
            new RecentEvents.Entry(now, notice(Notice.Event.BROKER_LOST, "later"), 0),
            new RecentEvents.Entry(BEGIN, notice(Notice.Event.BROKER_LOST, "client-0"), 9_999),
            new RecentEvents.Entry(BEGIN, notice(Notice.Event.REFUSED, "before"), 0));
  }

  @Test
  void forgetsTheOldest() {
    for (int i = 0; i < 1_000; i++) {
      now = now.plusSeconds(1);
      happens(Notice.Event.REFUSED, "client-" + i);
    }
    assertThat(recent.newestFirst())
        .hasSize(200)
        .last()
        .extracting(entry -> entry.notice().clientId())
        .isEqualTo("client-800");
  }
}
