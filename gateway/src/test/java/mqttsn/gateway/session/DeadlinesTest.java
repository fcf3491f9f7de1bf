package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mqttsn.codec.Connect;
import mqttsn.codec.PingReq;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private static final long EXPIRY = 100;

  private final Shared shared = new Shared(new TestSettings().with("expiry", EXPIRY + "s").build());
  private final Deadlines deadlines = new Deadlines();

  @Test
  void nothingIsDueWhereNothingIsWatched() {
    assertThat(deadlines.next()).isEqualTo(Time.NEVER);
    assertThat(deadlines.pollDue(Long.MAX_VALUE - 1)).isNull();
  }

  @Test
  void givesOutWhatIsDueInItsOrder() {
    Deadlines.Slot late = slot(1, 20);
    Deadlines.Slot early = slot(2, 10);
    Deadlines.Slot alsoEarly = slot(3, 10);
    deadlines.watch(late);
    deadlines.watch(alsoEarly);
    deadlines.watch(early);

    assertThat(deadlines.next()).isEqualTo(seconds(10 + EXPIRY));
    assertThat(due(seconds(10 + EXPIRY) - 1)).isEmpty();
    assertThat(due(seconds(15 + EXPIRY))).containsExactly(early, alsoEarly);
    assertThat(deadlines.next()).isEqualTo(seconds(20 + EXPIRY));
    assertThat(due(seconds(20 + EXPIRY))).containsExactly(late);
  }

  @Test
  void movesForwardWhatIsDueEarlier() {
    Deadlines.Slot slot = slot(1, 0);
    deadlines.watch(slot);
    slot.session.connect(new Connect(true, true, 60, "c1"), 0);
    deadlines.watch(slot);

    // the will dialogue is given up after 40 s
    assertThat(deadlines.next()).isEqualTo(seconds(40));
    assertThat(due(seconds(40))).containsExactly(slot);
    assertThat(deadlines.next()).isEqualTo(Time.NEVER);
  }

  @Test
  void leavesBehindWhatIsDueLater() {
    Deadlines.Slot slot = slot(1, 0);
    slot.session.connect(new Connect(false, true, 60, "c1"), 0);
    slot.session.fromBroker(new BrokerEvent.Connected(false, BrokerLimits.MQTT_3_1_1), 0);
    deadlines.watch(slot);
    slot.session.fromClient(new PingReq(""), seconds(50));
    deadlines.watch(slot);

    // the call comes too early and is harmless
    assertThat(deadlines.next()).isEqualTo(seconds(90));
    assertThat(due(seconds(90))).containsExactly(slot);
    deadlines.watch(slot);
    assertThat(deadlines.next()).isEqualTo(seconds(140));
  }

  @Test
  void keepsNothingOfWhatIsForgotten() {
    Deadlines.Slot slot = slot(1, 0);
    deadlines.watch(slot);
    deadlines.forget(slot);
    deadlines.forget(slot);

    assertThat(deadlines.next()).isEqualTo(Time.NEVER);
    assertThat(deadlines.pollDue(Long.MAX_VALUE - 1)).isNull();
  }

  private List<Deadlines.Slot> due(long now) {
    List<Deadlines.Slot> due = new ArrayList<>();
    while (deadlines.next() <= now) {
      due.add(Objects.requireNonNull(deadlines.pollDue(now)));
    }
    assertThat(deadlines.pollDue(now)).isNull();
    return due;
  }

  /** A session that was last heard at a time and is absent. */
  private Deadlines.Slot slot(int number, long heardAtSeconds) {
    BrokerLink link = new BrokerLink(number);
    return new Deadlines.Slot(
        new Session(
            "c" + number,
            Addresses.of("a"),
            link,
            new OwnConnections(shared.out),
            shared,
            seconds(heardAtSeconds)));
  }

  private static long seconds(long seconds) {
    return seconds * Time.SECOND;
  }
}
