package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {

  /** 64 octets for each message, 1 for its name, and 10. */
  private static final int MESSAGE_BYTES = 75;

  private final Shared shared =
      new Shared(
          new TestSettings()
              .with("sleep-buffer", "3")
              .with("sleep-buffer-bytes", "1000")
              .with("sleep-buffers-total", "400")
              .build());
  private final DeliveryQueue queue = queue();

  @Test
  void keepsOrder() {
    assertThat(queue.offer(delivery(Qos.ONE, 1))).isTrue();
    assertThat(queue.offer(delivery(Qos.ZERO, 0))).isTrue();
    assertThat(queue.offer(delivery(Qos.TWO, 2))).isTrue();

    assertThat(queue.size()).isEqualTo(3);
    assertThat(queue.bytes()).isEqualTo(3 * MESSAGE_BYTES);
    assertThat(identifiers()).containsExactly(1, 0, 2);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.bytes()).isZero();
    assertThat(shared.budget.usedBytes()).isZero();
    assertThat(shared.budget.messages()).isZero();
  }

  @Test
  void oldestWithQosZeroMakesRoomWhateverWasOffered() {
    queue.offer(delivery(Qos.ONE, 1));
    queue.offer(delivery(Qos.ZERO, 0));
    queue.offer(delivery(Qos.ONE, 2));

    assertThat(queue.offer(delivery(Qos.ONE, 3))).isTrue();
    assertThat(shared.out.drain()).containsExactly(Action.Drop.BUFFER_FULL);
    assertThat(queue.offer(delivery(Qos.ZERO, 0))).isFalse();
    assertThat(identifiers()).containsExactly(1, 2, 3);
  }

  @Test
  void octetsOfAllQueuesAreLimited() {
    DeliveryQueue other = queue();
    assertThat(other.offer(delivery(Qos.ONE, 1))).isTrue();
    assertThat(other.offer(delivery(Qos.ONE, 2))).isTrue();
    assertThat(other.offer(delivery(Qos.ONE, 3))).isTrue();

    assertThat(queue.offer(delivery(Qos.ONE, 4))).isTrue();
    assertThat(queue.offer(delivery(Qos.ONE, 5))).isTrue();
    assertThat(queue.offer(delivery(Qos.ONE, 6))).isFalse();
    Delivery first = other.poll();
    assertThat(queue.offer(delivery(Qos.ONE, 6))).isFalse();
    other.release(Objects.requireNonNull(first));
    assertThat(queue.offer(delivery(Qos.ONE, 6))).isTrue();
  }

  @Test
  void knowsWhatTheBrokerMayRepeat() {
    queue.offer(delivery(Qos.ONE, 1));
    assertThat(queue.find(1)).isNotNull();
    assertThat(queue.find(2)).isNull();

    queue.forgottenByBroker();

    assertThat(queue.find(1)).isNull();
  }

  @Test
  void whatTheBrokerDoesNotHaveSurvivesAPause() {
    queue.offer(delivery(Qos.ONE, 1));
    queue.forgottenByBroker();
    queue.offer(delivery(Qos.ONE, 2));
    queue.offer(delivery(Qos.ZERO, 0));

    queue.clear(false);

    assertThat(shared.out.drain()).containsExactly(Action.Drop.SESSION_ENDED);
    assertThat(identifiers()).containsExactly(0);
  }

  @Test
  void countsWhatIsLostForGood() {
    queue.offer(delivery(Qos.ONE, 1));
    queue.forgottenByBroker();
    queue.offer(delivery(Qos.ONE, 2));

    queue.clear(true);

    assertThat(queue.isEmpty()).isTrue();
    assertThat(shared.out.drain()).containsExactly(Action.Drop.SESSION_ENDED);
    assertThat(shared.budget.usedBytes()).isZero();
  }

  @Test
  void takesBackWhatDidNotArrive() {
    queue.offer(delivery(Qos.ONE, 1));
    queue.offer(delivery(Qos.ONE, 2));
    Delivery first = queue.poll();
    assertThat(first).isNotNull();
    if (first != null) {
      queue.returnFirst(first);
    }
    assertThat(queue.bytes()).isEqualTo(2 * MESSAGE_BYTES);
    assertThat(identifiers()).containsExactly(1, 2);
  }

  private List<Integer> identifiers() {
    List<Integer> identifiers = new ArrayList<>();
    for (Delivery next = queue.poll(); next != null; next = queue.poll()) {
      identifiers.add(next.packetIdentifier());
      queue.release(next);
    }
    return identifiers;
  }

  private DeliveryQueue queue() {
    return new DeliveryQueue(
        new SessionContext(
            "c", Addresses.of("a"), new BrokerLink(1), new OwnConnections(shared.out), shared));
  }

  private static Delivery delivery(Qos qos, int packetIdentifier) {
    return new Delivery(
        new BrokerEvent.Publish(
            packetIdentifier,
            "t",
            Octets.utf8("1234567890"),
            qos,
            false,
            false,
            SubscriptionIdentifiers.NONE));
  }
}
