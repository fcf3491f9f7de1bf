package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mqttsn.codec.PingReq;
import org.junit.jupiter.api.Test;

/** What of the sessions of an earlier process has to be written down again. */
class RestoredSessionsTest {

  private static final int SLEEP_SECONDS = 60;

  private final Gateway gateway =
      new Gateway(new TestSettings().with("survive", "true").build(), 0);
  private final SessionRecord sleeper =
      TestSessionRecord.bare("sleeper")
          .withState(State.ASLEEP)
          .withCleanSession(false)
          .withSleepSeconds(SLEEP_SECONDS)
          .build();

  private void restore(long downSeconds) {
    List<Action> unused = gateway.restore(List.of(sleeper), downSeconds * Time.SECOND, 0);
  }

  @Test
  void nothingWhileNothingHappens() {
    restore(1);

    assertThat(gateway.takeChanged(10, 0)).isEmpty();
  }

  @Test
  void sessionWhoseClientIsHeard() {
    restore(1);

    List<Action> unused = gateway.fromClient(sleeper.address(), new PingReq("sleeper"), 0);

    assertThat(gateway.takeChanged(10, 0)).containsOnlyKeys("sleeper");
  }
}
