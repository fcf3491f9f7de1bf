package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;

/** What the broker, or the connection to it, says to a link. */
public sealed interface BrokerEvent {

  /** CONNACK with success. */
  record Connected(boolean sessionPresent, BrokerLimits limits) implements BrokerEvent {}

  /**
   * No connection: every URL of a {@link BrokerConnect.Attempts#ONE_ROUND} failed, or CONNACK
   * refused.
   *
   * @param returnCode congestion where trying later can help, otherwise not supported
   * @param why one line for the operator
   */
  record Refused(ReturnCode returnCode, String why) implements BrokerEvent {}

  /**
   * The connection is gone and nobody asked for it. The link stays silent until it is opened again.
   *
   * @param why one line for the operator
   * @param takenOver whether the broker says that another connection has the ClientId now (MQTT 5)
   */
  record Lost(String why, boolean takenOver) implements BrokerEvent {

    /** For any other reason. */
    public Lost(String why) {
      this(why, false);
    }
  }

  /**
   * The connection takes no more for now (or again): its unsent octets passed the high (low) mark.
   *
   * @param congested true until a second event says false
   */
  record Congestion(boolean congested) implements BrokerEvent {}

  /**
   * PUBLISH.
   *
   * @param packetIdentifier 0 with QoS 0
   * @param subscriptionIdentifiers of the subscriptions that matched (MQTT 5); empty without
   */
  record Publish(
      int packetIdentifier,
      String topicName,
      Octets payload,
      Qos qos,
      boolean retain,
      boolean dup,
      SubscriptionIdentifiers subscriptionIdentifiers)
      implements BrokerEvent {

    /** The same message under another name. */
    Publish withTopicName(String otherName) {
      return new Publish(
          packetIdentifier, otherName, payload, qos, retain, dup, subscriptionIdentifiers);
    }
  }

  /** PUBACK for a QoS 1 publish of ours. */
  record PubAck(int packetIdentifier, ReturnCode returnCode) implements BrokerEvent {}

  /**
   * A publish or SUBSCRIBE of ours that goes no further, which is counted already.
   *
   * @param returnCode congestion where neither the broker nor the durable queue can take it now,
   *     otherwise not supported
   */
  record NotTaken(int packetIdentifier, ReturnCode returnCode) implements BrokerEvent {

    /** The client is to try again later. */
    NotTaken(int packetIdentifier) {
      this(packetIdentifier, ReturnCode.CONGESTION);
    }
  }

  /**
   * A QoS 2 publish of ours that the broker may have, and that neither the broker nor the durable
   * queue can take now. It keeps its packet identifier: sent again it is the same message, until it
   * is released.
   */
  record Deferred(int packetIdentifier) implements BrokerEvent {}

  /**
   * A QoS 2 publish of ours is about to be sent over a shared connection: the broker may know it
   * from now on, under {@link BrokerRoute#wireIdentifier}.
   */
  record Sending(int packetIdentifier) implements BrokerEvent {}

  /**
   * The broker has released QoS 2 messages that the session was given over a shared connection, or
   * forgotten them: {@link BrokerRoute#unreleased} does not name them any more.
   */
  record Released() implements BrokerEvent {}

  /** PUBREC for a QoS 2 publish of ours; anything but accepted ends the exchange. */
  record PubRec(int packetIdentifier, ReturnCode returnCode) implements BrokerEvent {}

  /** PUBREL for a QoS 2 message of the broker. */
  record PubRel(int packetIdentifier) implements BrokerEvent {}

  /** PUBCOMP for a QoS 2 publish of ours. */
  record PubComp(int packetIdentifier) implements BrokerEvent {}

  /** SUBACK; the QoS counts only when accepted. */
  record SubAck(int packetIdentifier, ReturnCode returnCode, Qos grantedQos)
      implements BrokerEvent {}

  /** UNSUBACK. */
  record UnsubAck(int packetIdentifier) implements BrokerEvent {}

  /** PINGRESP to a {@link BrokerCommand.PingReq}. */
  record PingResp() implements BrokerEvent {}
}
