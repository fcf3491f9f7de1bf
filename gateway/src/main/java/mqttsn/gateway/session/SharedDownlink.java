package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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

  /** Those of them that a receiver was given, so that its record tells of them. */
  private final Map<BrokerLink, Set<Integer>> given = new HashMap<>();

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
    // MQTT 4.3.3: a message that is sent again has DUP; without it the identifier is used anew.
    boolean repeated = publish.qos() == Qos.TWO && !received.add(packetIdentifier) && publish.dup();
    if (!repeated) {
      subscriptions.receivers(publish).forEach((link, qos) -> give(link, publish, qos));
    }
    if (publish.qos() == Qos.ONE) {
      toBroker.accept(new BrokerCommand.PubAck(packetIdentifier));
    } else if (publish.qos() == Qos.TWO) {
      toBroker.accept(new BrokerCommand.PubRec(packetIdentifier));
    }
  }

  void pubRel(int packetIdentifier) {
    received.remove(packetIdentifier);
    given.forEach(
        (receiver, ofReceiver) -> {
          if (ofReceiver.remove(packetIdentifier)) {
            released(receiver);
          }
        });
    given.values().removeIf(Set::isEmpty);
    toBroker.accept(new BrokerCommand.PubComp(packetIdentifier));
  }

  /** Packet identifiers start afresh. */
  void forgottenByBroker() {
    received.clear();
    given.keySet().forEach(this::released);
    given.clear();
  }

  /** The session is over. */
  void forget(BrokerLink receiver) {
    given.remove(receiver);
  }

  /** As {@link BrokerRoute#unreleased}. */
  Set<Integer> unreleased(BrokerLink receiver) {
    return Set.copyOf(given.getOrDefault(receiver, Set.of()));
  }

  /** A session of an earlier process was given these. */
  void recall(BrokerLink receiver, Set<Integer> packetIdentifiers) {
    received.addAll(packetIdentifiers);
    if (!packetIdentifiers.isEmpty()) {
      given.put(receiver, new HashSet<>(packetIdentifiers));
    }
  }

  /** Its record must not tell of it any more when the broker uses the packet identifier anew. */
  private void released(BrokerLink receiver) {
    toSession.accept(receiver, new BrokerEvent.Released());
  }

  private void give(BrokerLink receiver, BrokerEvent.Publish publish, Qos subscribed) {
    if (publish.qos() == Qos.TWO) {
      given.computeIfAbsent(receiver, link -> new HashSet<>()).add(publish.packetIdentifier());
    }
    toSession.accept(receiver, forReceiver(publish, subscribed));
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
