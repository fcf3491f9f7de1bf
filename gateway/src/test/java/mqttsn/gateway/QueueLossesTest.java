package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.session.Action;
import org.junit.jupiter.api.Test;

class QueueLossesTest {

  private final Counters counters = new Counters();
  private final List<String> lines = new ArrayList<>();
  private final QueueLosses losses = new QueueLosses(counters, lines::add);

  @Test
  void saysEachReasonOnceWithItsNumber() {
    counters.drops().increment(Action.Drop.QUEUE_AGE);
    counters.drops().increment(Action.Drop.QUEUE_AGE);
    counters.refusals().increment(Action.Refusal.QUEUE_FULL);
    losses.say();
    assertThat(lines)
        .containsExactly(
            "durable queue: 2 messages dropped: queue-age",
            "durable queue: 1 message refused: queue-full");
  }

  @Test
  void saysOnlyWhatIsNew() {
    counters.drops().increment(Action.Drop.QUEUE_FULL);
    losses.say();
    losses.say();
    counters.drops().increment(Action.Drop.QUEUE_FULL);
    losses.say();
    assertThat(lines)
        .containsExactly(
            "durable queue: 1 message dropped: queue-full",
            "durable queue: 1 message dropped: queue-full");
  }

  @Test
  void isSilentAboutOtherLosses() {
    counters.drops().increment(Action.Drop.BUFFER_FULL);
    counters.refusals().increment(Action.Refusal.WINDOW);
    losses.say();
    assertThat(lines).isEmpty();
  }
}
