package mqttsn.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.TestSessionRecord;
import org.junit.jupiter.api.Test;

class OutputCommitTest implements SessionPort {

  private static final List<Action> PLAIN = List.of(Action.Tally.DUPLICATE);
  private static final List<Action> PERSISTING =
      List.of(new Action.Persist(session()), Action.Tally.RETRANSMISSION);

  private final List<List<Action>> performed = new ArrayList<>();
  private final List<SessionRecord> saved = new ArrayList<>();
  private final Queue<Runnable> syncs = new ArrayDeque<>();
  private int releases;
  private final OutputCommit output =
      new OutputCommit(this, (actions, nanos) -> performed.add(actions), () -> releases++);

  @Test
  void performsAtOnceWhatDependsOnNothing() {
    output.perform(PLAIN, 0);

    assertThat(performed).containsExactly(PLAIN);
    assertThat(syncs).isEmpty();
  }

  @Test
  void holdsBackUntilTheSyncAndKeepsOrder() {
    output.perform(PERSISTING, 0);
    output.perform(PLAIN, 0);
    assertThat(saved).hasSize(1);
    assertThat(performed).isEmpty();

    syncs.remove().run();
    assertThat(performed).containsExactly(PERSISTING);
    syncs.remove().run();
    assertThat(performed).containsExactly(PERSISTING, PLAIN);
    assertThat(releases).isEqualTo(2);
  }

  @Test
  void commitsInGroups() {
    output.perform(PERSISTING, 0);
    output.perform(PERSISTING, 0);
    output.perform(PERSISTING, 0);
    assertThat(syncs).hasSize(1);

    syncs.remove().run();
    assertThat(syncs).hasSize(1);
    syncs.remove().run();

    assertThat(performed).hasSize(3);
    assertThat(syncs).isEmpty();
  }

  @Test
  void aLaterInputDoesNotOvertakeAfterARelease() {
    output.perform(PERSISTING, 0);
    output.perform(PERSISTING, 0);
    syncs.remove().run();
    output.perform(PLAIN, 0);

    assertThat(performed).containsExactly(PERSISTING);
  }

  @Test
  void linkIsClosingUntilItIsClosed() {
    BrokerLink link = new BrokerLink(1);
    List<Action> closes =
        List.of(
            new Action.Persist(session()),
            new Action.CloseLink(link, Action.Farewell.KEEP_SESSION));
    output.perform(closes, 0);
    output.perform(closes, 0);
    assertThat(output.isClosing(link)).isTrue();
    assertThat(output.isClosing(new BrokerLink(2))).isFalse();

    syncs.remove().run();
    assertThat(output.isClosing(link)).isTrue();
    syncs.remove().run();
    assertThat(output.isClosing(link)).isFalse();
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public void save(SessionRecord session) {
    saved.add(session);
  }

  @Override
  public void erase(String clientId) {}

  @Override
  public void afterSync(Runnable then) {
    syncs.add(then);
  }

  private static SessionRecord session() {
    return TestSessionRecord.bare("sens1").build();
  }
}
