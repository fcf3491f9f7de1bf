package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.Set;
import mqttsn.codec.Qos;

/**
 * What the broker is told about its messages: PUBACK or PUBREC when the client has a message, or
 * when it never will, and PUBCOMP.
 */
final class BrokerAcknowledgements {

  private final SessionContext context;
  private final Uplink uplink;

  /**
   * QoS 2 messages that the client has received, or will never get, and the broker has not
   * released: its packet identifiers.
   */
  private final Set<Integer> received = new HashSet<>(0);

  private boolean acknowledged;

  BrokerAcknowledgements(SessionContext context, Uplink uplink) {
    this.context = context;
    this.uplink = uplink;
  }

  /** Whether this message of the broker is dealt with already; if so, the broker hears it again. */
  boolean repeats(BrokerEvent.Publish publish) {
    // MQTT 4.3.3: a message that is sent again has DUP; without it the identifier is used anew.
    if (publish.qos() != Qos.TWO
        || !received.contains(publish.packetIdentifier())
        || !publish.dup()) {
      return false;
    }
    context.toBroker(new BrokerCommand.PubRec(publish.packetIdentifier()));
    return true;
  }

  /** The client has a message with QoS 1 or 2. */
  void delivered(Delivery delivery) {
    acknowledge(delivery);
  }

  /** The client does not get this message; the broker must not send it again and again. */
  void dropped(Delivery delivery, Action.Drop why) {
    context.act(why);
    acknowledge(delivery);
  }

  /** PUBREL of the broker: its QoS 2 message is with the client. */
  void pubRel(int packetIdentifier) {
    if (received.remove(packetIdentifier)) {
      released();
    }
    context.toBroker(new BrokerCommand.PubComp(packetIdentifier));
  }

  /**
   * Another process must not take the next message under these packet identifiers for one that the
   * client has.
   */
  void released() {
    context.changedForGood();
  }

  /**
   * Whether there was an acknowledgement since the last call, so that the broker may send what it
   * held back.
   */
  boolean poll() {
    boolean since = acknowledged;
    acknowledged = false;
    return since;
  }

  /** The broker expects no acknowledgements any more, and packet identifiers start afresh. */
  void forget() {
    if (!received.isEmpty()) {
      received.clear();
      released();
    }
  }

  /** For a record. */
  Set<Integer> received() {
    return context.route.isShared() ? context.route.unreleased(context.link) : Set.copyOf(received);
  }

  /** Goes on where a record ends; a shared route does so itself. */
  void restore(Set<Integer> packetIdentifiers) {
    if (!context.route.isShared()) {
      received.addAll(packetIdentifiers);
    }
  }

  private void acknowledge(Delivery delivery) {
    int packetIdentifier = delivery.packetIdentifier();
    if (packetIdentifier == 0) {
      return;
    }
    if (delivery.qos == Qos.TWO) {
      received.add(packetIdentifier);
    }
    acknowledged = true;
    // What is not acknowledged here the broker sends again.
    if (uplink.isUp() && !delivery.isPerhapsAcknowledged()) {
      context.toBroker(
          delivery.qos == Qos.ONE
              ? new BrokerCommand.PubAck(packetIdentifier)
              : new BrokerCommand.PubRec(packetIdentifier));
    }
  }
}
