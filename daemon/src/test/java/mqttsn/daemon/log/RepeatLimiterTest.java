package mqttsn.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  private final RepeatLimiter<String> limiter = new RepeatLimiter<>(Duration.ofSeconds(60), 2);

  private List<String> report(long now) {
    List<String> reports = new ArrayList<>();
    limiter.report(now, (key, times) -> reports.add(key + ": " + limiter.summary(times)));
    return reports;
  }

  @Test
  void admitsTheFirstAndCountsTheOthers() {
    assertThat(limiter.admits("a", 0)).isTrue();
    for (int i = 1; i <= 312; i++) {
      assertThat(limiter.admits("a", i)).isFalse();
    }

    assertThat(report(59 * SECOND)).isEmpty();
    assertThat(report(60 * SECOND)).containsExactly("a: 312 more times in the last 60 s");
  }

  @Test
  void forgetsAnEventThatWasQuietForAWindow() {
    limiter.admits("a", 0);
    limiter.admits("a", 1);
    report(60 * SECOND);

    assertThat(limiter.admits("a", 61 * SECOND)).isFalse();
    assertThat(report(120 * SECOND)).containsExactly("a: 1 more time in the last 60 s");
    assertThat(report(180 * SECOND)).isEmpty();
    assertThat(limiter.admits("a", 181 * SECOND)).isTrue();
  }

  @Test
  void countsEventsBeyondItsTableTogether() {
    limiter.admits("a", 0);
    limiter.admits("b", 0);

    assertThat(limiter.admits("c", 0)).isFalse();
    assertThat(limiter.admits("d", 0)).isFalse();
    assertThat(report(1)).containsExactly("null: 2 more times in the last 60 s");
  }
}
