package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Octets;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import org.junit.jupiter.api.Test;

/** Many clients at once: proves limits-3 complaint-10. */
class ManyClientsTest {

  private static final int CLIENTS = 3_000;

  private final Gateway gateway =
      new Gateway(
          new TestSettings()
              .with("connect-rate", "5000")
              .with("connect-rate-per-source", "5000")
              .build(),
          0);

  @Test
  void threeThousandClientsConnectAndPublish() {
    gateway.start(0);
    for (int i = 0; i < CLIENTS; i++) {
      BrokerLink link = connect(i);
      assertThat(gateway.fromBroker(link, connected(), 0))
          .contains(new Action.Send(address(i), new ConnAck(ReturnCode.ACCEPTED)));
    }
    assertThat(gateway.sessions()).isEqualTo(CLIENTS);

    for (int i = 0; i < CLIENTS; i++) {
      Octets data = Octets.utf8("c" + i);
      Publish publish = new Publish(false, Qos.ZERO, false, new ShortName("t1"), 0, data);
      assertThat(gateway.fromClient(address(i), publish, Time.SECOND))
          .singleElement()
          .isInstanceOfSatisfying(
              Action.Command.class,
              command ->
                  assertThat(command.command())
                      .isEqualTo(
                          new BrokerCommand.Publish(0, "t1", data, Qos.ZERO, false, false, null)));
    }
  }

  @Test
  void allThatFallSilentAreLostInTheirTime() {
    gateway.start(0);
    for (int i = 0; i < CLIENTS; i++) {
      gateway.fromBroker(connect(i), connected(), 0);
    }
    int calls = 0;
    for (long at = gateway.deadline(); at != Gateway.NEVER; at = gateway.deadline()) {
      gateway.timeout(at);
      calls++;
    }
    assertThat(gateway.sessions()).isZero();
    assertThat(calls).isLessThan(10);
  }

  private BrokerLink connect(int client) {
    List<Action> actions =
        gateway.fromClient(address(client), new Connect(false, true, 60, "c" + client), 0);
    return actions.stream()
        .filter(Action.OpenLink.class::isInstance)
        .map(action -> ((Action.OpenLink) action).link())
        .findAny()
        .orElseThrow();
  }

  private static BrokerEvent connected() {
    return new BrokerEvent.Connected(false, BrokerLimits.MQTT_3_1_1);
  }

  private static ClientAddress address(int client) {
    return Addresses.of("a" + (client + 1));
  }
}
