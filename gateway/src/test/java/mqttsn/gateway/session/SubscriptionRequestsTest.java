package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.BrokerCommand.Subscribe;
import mqttsn.gateway.session.BrokerCommand.Unsubscribe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a restart there may be more filters than a connection takes SUBSCRIBE for at once. */
class SubscriptionRequestsTest {

  private static final int FILTERS = 1_000;
  private static final int AT_ONCE = 256;
  private static final BrokerLink CLIENT = new BrokerLink(1);
  private static final TopicPrefix NO_PREFIX = TopicPrefix.of("", "client");

  private final SharedSubscriptions subscriptions = new SharedSubscriptions();
  private final ReceiveWindow window = new ReceiveWindow();
  private final List<BrokerCommand> sent = new ArrayList<>();
  private final List<BrokerEvent> told = new ArrayList<>();
  private final Set<Integer> inUse = new HashSet<>();
  private final SubscriptionRequests requests =
      new SubscriptionRequests(
          subscriptions,
          new PacketIdentifiers(this::isInUse),
          window,
          false,
          sent::add,
          (link, event) -> told.add(event));

  private boolean isInUse(int packetIdentifier) {
    return inUse.contains(packetIdentifier) || requests.uses(packetIdentifier);
  }

  @BeforeEach
  void comeFromAnEarlierProcess() {
    for (int i = 0; i < FILTERS; i++) {
      subscriptions.add(CLIENT, "t/" + i, Qos.ONE);
    }
    window.connected(BrokerLimits.MQTT_3_1_1, true);
    requests.connected(true, true);
    requests.proceed();
  }

  @Test
  void askForABoundedNumberAtOnceAndInTheEndForAll() {
    assertThat(sent).hasSize(AT_ONCE);
    Set<String> filters = new HashSet<>();
    for (int i = 0; i < sent.size(); i++) {
      Subscribe subscribe = (Subscribe) sent.get(i);
      filters.add(subscribe.topicFilter());
      requests.subAck(
          new BrokerEvent.SubAck(subscribe.packetIdentifier(), ReturnCode.ACCEPTED, Qos.ONE));
      requests.proceed();
    }
    assertThat(filters).hasSize(FILTERS);
  }

  @Test
  void letAClientGoFirst() {
    requests.subscribe(CLIENT, new Subscribe(1, "t/999", Qos.ONE, 0, false), NO_PREFIX);
    assertThat(sent).hasSize(AT_ONCE + 1);
    assertThat(((Subscribe) sent.get(AT_ONCE)).topicFilter()).isEqualTo("t/999");
    assertThat(told).isEmpty();
  }

  @Test
  void goOnWhereTheConnectionWasLost() {
    window.lost();
    requests.lost();
    sent.clear();
    window.connected(BrokerLimits.MQTT_3_1_1, true);
    requests.connected(false, true);
    requests.proceed();
    assertThat(sent).hasSize(AT_ONCE);
  }

  @Test
  void endWhatNobodyWantsInSteps() {
    requests.unsubscribeAll(CLIENT);
    requests.proceed();
    assertThat(sent).hasSize(AT_ONCE);
    for (int i = 0; i < sent.size(); i++) {
      if (sent.get(i) instanceof Subscribe subscribe) {
        requests.subAck(
            new BrokerEvent.SubAck(subscribe.packetIdentifier(), ReturnCode.ACCEPTED, Qos.ONE));
      } else {
        requests.unsubAck(((Unsubscribe) sent.get(i)).packetIdentifier());
      }
      requests.proceed();
    }
    assertThat(sent.stream().filter(Unsubscribe.class::isInstance)).hasSize(FILTERS);
  }

  @Test
  void refuseWithoutAFreePacketIdentifier() {
    for (int i = 1; i <= 0xFFFF; i++) {
      inUse.add(i);
    }
    requests.subscribe(CLIENT, new Subscribe(1, "new", Qos.ONE, 0, false), NO_PREFIX);
    assertThat(told).containsExactly(new BrokerEvent.NotTaken(1));
    assertThat(subscriptions.has(CLIENT, "new")).isFalse();
  }
}
