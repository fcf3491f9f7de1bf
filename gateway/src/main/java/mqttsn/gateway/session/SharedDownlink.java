package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;

/**
 * The broker's messages over one connection for many sessions.
 *
 * <p>A message is acknowledged when it is queued for every receiver: one sleeper must not stop
 * everybody.
 */
final class SharedDownlink {

  private final SharedSubscriptions subscriptions;
  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;

  /** QoS 2 messages that were received and not released: the broker's packet identifiers. */
  private final Set<Integer> received = new HashSet<>();

  SharedDownlink(
      SharedSubscriptions subscriptions,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.subscriptions = subscriptions;
    this.toBroker = toBroker;
    this.toSession = toSession;
  }

  void publish(BrokerEvent.Publish publish) {
    int packetIdentifier = publish.packetIdentifier();
    boolean repeated = publish.qos() == Qos.TWO && !received.add(packetIdentifier);
    if (!repeated) {
      subscriptions
          .receivers(publish)
          .forEach((link, qos) -> toSession.accept(link, forReceiver(publish, qos)));
    }
    if (publish.qos() == Qos.ONE) {
      toBroker.accept(new BrokerCommand.PubAck(packetIdentifier));
    } else if (publish.qos() == Qos.TWO) {
      toBroker.accept(new BrokerCommand.PubRec(packetIdentifier));
    }
  }

  void pubRel(int packetIdentifier) {
    received.remove(packetIdentifier);
    toBroker.accept(new BrokerCommand.PubComp(packetIdentifier));
  }

  /** Packet identifiers start afresh. */
  void forgottenByBroker() {
    received.clear();
  }

  /** The message for one receiver, who owes the broker no acknowledgement. */
  private static BrokerEvent forReceiver(BrokerEvent.Publish publish, Qos subscribed) {
    Qos qos = subscribed.level() < publish.qos().level() ? subscribed : publish.qos();
    return new BrokerEvent.Publish(
        0,
        publish.topicName(),
        publish.payload(),
        qos,
        publish.retain(),
        false,
        SubscriptionIdentifiers.NONE);
  }
}
