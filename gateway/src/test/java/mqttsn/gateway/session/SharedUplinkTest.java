package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no scenario reaches, because a session counts to 65,535 first. */
class SharedUplinkTest {

  private final BrokerLink session = new BrokerLink(1);
  private final ReceiveWindow window = new ReceiveWindow();
  private final List<BrokerCommand> sent = new ArrayList<>();
  private final SharedUplink uplink =
      new SharedUplink(
          new PacketIdentifiers(0xFFFF, identifier -> false),
          window,
          new PoisonTrial(window, new Outbox(), () -> 0),
          new ClearedIdentifiers(sent::add),
          new Origins(0),
          sent::add,
          (to, event) -> {});

  @BeforeEach
  void theSessionUsesAnIdentifierAgainThatTheBrokerHasNotCompleted() {
    connected(false);
    uplink.join(session, "s1");
    publish();
    window.lost();
    uplink.lost();
    connected(true);
    publish();
    assertThat(uplink.uses(1)).isTrue();
    assertThat(uplink.uses(2)).isTrue();
  }

  @Test
  void whatIsAbandonedIsReleasedAsLongAsTheBrokerKnowsIt() {
    sent.clear();
    window.lost();
    uplink.lost();
    connected(true);

    assertThat(sent).containsExactly(new BrokerCommand.PubRel(1));
    assertThat(uplink.uses(1)).isTrue();
  }

  @Test
  void whatIsAbandonedEndsWhenTheBrokerHasForgottenIt() {
    window.lost();
    uplink.lost();
    connected(false);

    assertThat(uplink.uses(1)).isFalse();
    assertThat(uplink.uses(2)).isTrue();
  }

  private void connected(boolean sessionPresent) {
    window.connected(BrokerLimits.MQTT_3_1_1, sessionPresent);
    uplink.connected(sessionPresent);
  }

  private void publish() {
    BrokerCommand.Publish publish =
        new BrokerCommand.Publish(1, "a", Octets.utf8("x"), Qos.TWO, false, false, null);
    assertThat(uplink.publish(session, publish, false, TopicPrefix.of("", "s1"))).isTrue();
  }
}
