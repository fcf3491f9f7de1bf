package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;

/**
 * A message in the durable queue, on its way to the broker.
 *
 * @param number its place in the queue, from 1; numbers only grow, over restarts too
 * @param clientId of the client that it came from; empty for QoS -1
 * @param sequence the sequence number that the broker is told with it
 * @param topicName as the broker is to get it, with its prefix
 * @param packetIdentifier under which the broker may have got it already, if that is not the one
 *     which follows from the number; 0 otherwise
 */
public record QueuedMessage(
    long number,
    String clientId,
    long sequence,
    String topicName,
    Octets payload,
    Qos qos,
    boolean retain,
    int packetIdentifier) {

  /**
   * What the core knows of a message while its payload is on the disk only.
   *
   * @param bytes what it counts against the bounds of the queue
   * @param released whether the broker has it already, and only the end of its QoS 2 exchange is
   *     open
   * @param ageMillis how long it has waited, at least 0
   */
  public record Summary(
      long number,
      String clientId,
      Qos qos,
      int bytes,
      int packetIdentifier,
      boolean released,
      long ageMillis) {}

  /** What a message costs besides its payload and names, in octets. */
  private static final int OVERHEAD_BYTES = 64;

  /**
   * A publish as a message of the queue.
   *
   * @param publish with the packet identifier under which the broker may have got it already, or 0
   */
  static QueuedMessage of(BrokerCommand.Publish publish, long number) {
    return new QueuedMessage(
        number,
        publish.clientId(),
        publish.origin() == null ? 0 : publish.origin().sequence(),
        publish.topicName(),
        publish.payload(),
        publish.qos(),
        publish.retain(),
        publish.packetIdentifier());
  }

  /** What is sent to the broker, without a packet identifier. */
  BrokerCommand.Publish toPublish() {
    BrokerCommand.Origin origin =
        clientId.isEmpty() ? null : new BrokerCommand.Origin(clientId, sequence);
    return new BrokerCommand.Publish(0, topicName, payload, qos, retain, false, origin);
  }

  /** What it counts against the bounds of the queue. */
  public int bytes() {
    return bytes(clientId, topicName, payload);
  }

  static int bytes(String clientId, String topicName, Octets payload) {
    return payload.size() + topicName.length() + clientId.length() + OVERHEAD_BYTES;
  }
}
