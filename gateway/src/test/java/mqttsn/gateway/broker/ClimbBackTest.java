package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mqttsn.gateway.broker.ClimbBack.Step;
import org.junit.jupiter.api.Test;

/** When links return to the preferred URL, in virtual time. */
final class ClimbBackTest {

  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private long now = Duration.ofHours(1).toNanos();
  private final ClimbBack policy = new ClimbBack(INTERVAL, now);

  @Test
  void probesOnlyWhileLinksAreElsewhere() {
    pass(INTERVAL);
    assertThat(policy.tick(false, now)).isEqualTo(Step.WAIT);
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
    assertThat(policy.tick(true, now)).isEqualTo(Step.WAIT);
  }

  @Test
  void sendsOneLinkAheadAndTheOthersAfterItsConnAck() {
    pass(INTERVAL);
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
    policy.probed(true, now);
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_ONE);
    assertThat(policy.tick(true, now)).isEqualTo(Step.WAIT);
    policy.answered();
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_SOME);
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_SOME);
    assertThat(policy.tick(false, now)).isEqualTo(Step.WAIT);
    assertThat(policy.tick(true, now)).isEqualTo(Step.WAIT);
  }

  @Test
  void waitsForTheNextIntervalAfterAProbeThatFailed() {
    pass(INTERVAL);
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
    policy.probed(false, now);
    pass(INTERVAL.minusSeconds(1));
    assertThat(policy.tick(true, now)).isEqualTo(Step.WAIT);
    pass(Duration.ofSeconds(1));
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
  }

  @Test
  void movesNoOtherLinkWhenTheFirstOneFails() {
    pass(INTERVAL);
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
    policy.probed(true, now);
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_ONE);
    policy.failed(now);
    policy.answered();
    assertThat(policy.tick(true, now)).isEqualTo(Step.WAIT);
  }

  @Test
  void keepsWaitingForTheFirstLinkWhenItWasTheOnlyOne() {
    pass(INTERVAL);
    assertThat(policy.tick(true, now)).isEqualTo(Step.PROBE);
    policy.probed(true, now);
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_ONE);
    assertThat(policy.tick(false, now)).isEqualTo(Step.WAIT);
    policy.answered();
    assertThat(policy.tick(true, now)).isEqualTo(Step.MOVE_SOME);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
