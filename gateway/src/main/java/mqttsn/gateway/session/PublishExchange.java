package mqttsn.gateway.session;

import mqttsn.codec.Publish;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;

/** One QoS 1 or 2 publish of a client under way: the mapping of msgId and packet identifier. */
final class PublishExchange {

  final Publish publish;
  final String topicName;

  /** 16 bits, as on the wire: an exchange takes 32 octets, not 40. */
  final char packetIdentifier;

  ExchangePhase phase = ExchangePhase.PUBLISHED;

  /** Whether the broker was sent it: only then is it a duplicate when sent again. */
  boolean sent;

  /** Whether the client waits for the answer; not any more after it connected anew. */
  boolean awaited = true;

  /** Whether the client will not go on with it: it has begun another exchange instead. */
  boolean abandoned;

  /** QoS 2: whether the client is to try again later, while the broker may have it. */
  boolean deferred;

  /**
   * QoS 2: whether the broker had it, lost its session, and has not confirmed it anew. The client
   * notices nothing of it.
   */
  boolean forgotten;

  /** Whether it is to be sent again, as soon as the broker's receive maximum allows it. */
  boolean waits;

  PublishExchange(Publish publish, String topicName, int packetIdentifier) {
    this.publish = publish;
    this.topicName = topicName;
    this.packetIdentifier = (char) packetIdentifier;
  }

  BrokerCommand command(boolean dup) {
    return new BrokerCommand.Publish(
        packetIdentifier, topicName, publish.data(), publish.qos(), publish.retain(), dup, null);
  }
}
