package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.breaksCore;
import static mqttsn.gateway.simulation.Breakage.failureOf;
import static mqttsn.gateway.simulation.Breakage.persists;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionView;
import mqttsn.gateway.session.TestSessionRecord;
import org.junit.jupiter.api.Test;

/**
 * Each invariant of sessions, their deadlines and their records is red when the core has the fault
 * that it is there for.
 */
class SessionInvariantsTest {

  @Test
  void moreSessionsThanAllowedAreSeen() {
    breaksCore(
        "sessions, limit",
        real ->
            new BrokenCore(real) {
              @Override
              public int sessions() {
                return super.sessions() + 100;
              }
            });
  }

  @Test
  void stateThatIsNotWrittenDownInTimeIsSeen() {
    breaks("QoS 2", (input, actions) -> persists(actions, SessionInvariantsTest::withoutExchanges));
  }

  @Test
  void forgottenSessionsAreSeen() {
    breaksCore(
        "topic id",
        real ->
            new BrokenCore(real) {
              @Override
              public List<Action> restore(List<SessionRecord> records, long downNanos, long now) {
                return List.of();
              }
            });
  }

  @Test
  void missingDeadlineIsSeen() {
    breaksCore("without a deadline", real -> withDeadline(real, deadline -> Gateway.NEVER));
  }

  @Test
  void lateDeadlineIsSeen() {
    breaksCore(
        "silent and still active",
        real -> withDeadline(real, SessionInvariantsTest::tenMinutesLater));
  }

  @Test
  void timerThatSpinsIsSeen() {
    breaksCore("the timer spins", real -> withDeadline(real, deadline -> 0L));
  }

  @Test
  void sessionKeptForEverIsSeen() {
    breaksCore(
        "kept for ever",
        real ->
            new BrokenCore(real) {
              private List<SessionView> last = List.of();

              @Override
              public List<SessionView> views(long now) {
                List<SessionView> views = super.views(now);
                if (views.isEmpty() && now > 10 * Timeline.HOUR) {
                  return last.subList(0, Math.min(1, last.size()));
                }
                last = views;
                return views;
              }
            });
  }

  @Test
  void sameSeedGivesTheSameWorld() {
    UnaryOperator<Core> fault = real -> withDeadline(real, SessionInvariantsTest::tenMinutesLater);
    assertThat(failureOf(3, fault)).isEqualTo(failureOf(3, fault)).contains("-Dsimulation.seed=3");
  }

  /** A record that tells nothing of what is under way from the client, and of what it has. */
  private static SessionRecord withoutExchanges(SessionRecord r) {
    return TestSessionRecord.of(r)
        .withExchanges(List.of())
        .withCompleted(List.of())
        .withReceived(Set.of())
        .build();
  }

  private static Core withDeadline(Core real, UnaryOperator<Long> changed) {
    return new BrokenCore(real) {
      @Override
      public long deadline() {
        return changed.apply(super.deadline());
      }
    };
  }

  private static long tenMinutesLater(long deadline) {
    return deadline == Gateway.NEVER ? deadline : deadline + 10 * Timeline.MINUTE;
  }
}
