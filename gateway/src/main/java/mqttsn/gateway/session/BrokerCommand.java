package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/** A packet for the broker, in our own words. Packet identifiers are the core's, 1 to 65535. */
public sealed interface BrokerCommand {

  /**
   * PUBLISH.
   *
   * @param packetIdentifier 0 with QoS 0
   * @param origin which client sent it, told to the application as MQTT 5 user properties; null to
   *     say nothing
   */
  record Publish(
      int packetIdentifier,
      String topicName,
      Octets payload,
      Qos qos,
      boolean retain,
      boolean dup,
      @Nullable Origin origin)
      implements BrokerCommand {

    /** The same message under another name. */
    Publish withTopicName(String otherName) {
      return otherName.equals(topicName)
          ? this
          : new Publish(packetIdentifier, otherName, payload, qos, retain, dup, origin);
    }

    /** The same message under another packet identifier. */
    Publish again(int otherIdentifier, boolean isDup) {
      return new Publish(otherIdentifier, topicName, payload, qos, retain, isDup, origin);
    }

    /** Which client sent it; empty when that is not told. */
    String clientId() {
      return origin == null ? "" : origin.clientId();
    }

    /** The same message as one of many clients' over a connection. */
    Publish overSharedConnection(int otherIdentifier, boolean isDup, Origin from) {
      return new Publish(otherIdentifier, topicName, payload, qos, retain, isDup, from);
    }
  }

  /**
   * Where a publish came from, when several clients share a connection.
   *
   * @param sequence counts the client's publishes; never used again, not even over restarts
   */
  record Origin(String clientId, long sequence) {}

  /** PUBACK for a QoS 1 message of the broker. */
  record PubAck(int packetIdentifier) implements BrokerCommand {}

  /** PUBREC for a QoS 2 message of the broker. */
  record PubRec(int packetIdentifier) implements BrokerCommand {}

  /** PUBREL for a QoS 2 publish of ours. */
  record PubRel(int packetIdentifier) implements BrokerCommand {}

  /** PUBCOMP for a QoS 2 message of the broker. */
  record PubComp(int packetIdentifier) implements BrokerCommand {}

  /**
   * SUBSCRIBE with one filter.
   *
   * @param subscriptionIdentifier 1 to 268435455 (MQTT 5); 0 for none
   * @param sendRetained whether retained messages are wanted; MQTT 3.1.1 always sends them
   */
  record Subscribe(
      int packetIdentifier,
      String topicFilter,
      Qos qos,
      int subscriptionIdentifier,
      boolean sendRetained)
      implements BrokerCommand {}

  /** UNSUBSCRIBE with one filter. */
  record Unsubscribe(int packetIdentifier, String topicFilter) implements BrokerCommand {}

  /**
   * PINGREQ that asks for a {@link BrokerEvent.PingResp}: all that the broker sent before it has
   * arrived then.
   */
  record PingReq() implements BrokerCommand {}
}
