package mqttsn.gateway.session;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import mqttsn.topic.PredefinedTopics;

/**
 * What the core can be told to do differently. Durations are nanoseconds.
 *
 * @param gwId the GwId field of ADVERTISE and GWINFO, 0 to 255
 * @param name ClientId of the gateway's own broker connection
 * @param maxDatagramBytes largest datagram that is sent to a client
 */
public record Settings(
    int gwId,
    String name,
    int maxDatagramBytes,
    PredefinedTopics predefinedTopics,
    Sessions sessions,
    Broker broker,
    QosMinusOne qosMinusOne,
    Discovery discovery,
    Forwarders forwarders,
    Aggregating aggregating,
    Queue queue) {

  /**
   * Limits of sessions.
   *
   * @param max sessions at one time, those of absent clients with CleanSession 0 included
   * @param tRetryNanos time to wait for a client's answer before the message is sent again
   * @param nRetry how often it is sent again before the client counts as lost
   * @param bufferMessages messages that wait for one client, sleeping or not; also the receive
   *     maximum toward the broker
   * @param bufferBytes octets that wait for one client
   * @param buffersTotalBytes octets that wait for all clients
   * @param expiryNanos how long the session of an absent client is kept
   * @param idleLimitNanos how long a client with a keep-alive of 0 may be silent
   * @param maxClientIdLength longest ClientId, in characters
   * @param rebindSleeper whether PINGREQ with the ClientId of a sleeper is obeyed from another
   *     address
   * @param connectRate new sessions a second from everybody
   * @param connectRatePerSource new sessions a second from one network address
   * @param publishWindow QoS 1 and 2 publishes of one client that may wait for the broker
   * @param maxTopics normal topic ids of one client
   * @param maxSubscriptions topic filters of one client
   * @param survive whether sessions are written down, to go on with them after a restart
   */
  public record Sessions(
      int max,
      long tRetryNanos,
      int nRetry,
      int bufferMessages,
      long bufferBytes,
      long buffersTotalBytes,
      long expiryNanos,
      long idleLimitNanos,
      int maxClientIdLength,
      boolean allowEmptyClientId,
      boolean rebindSleeper,
      int connectRate,
      int connectRatePerSource,
      int publishWindow,
      int maxTopics,
      int maxSubscriptions,
      boolean survive) {

    /** How long the same request from the same client is the same request and not a new one. */
    long retryWindowNanos() {
      return tRetryNanos * (nRetry + 1L);
    }
  }

  /**
   * Patience with the broker.
   *
   * @param graceNanos how long a client stays connected while its broker connection is being
   *     restored
   * @param answerNanos how long a single answer is waited for
   */
  public record Broker(long graceNanos, long answerNanos) {}

  /**
   * PUBLISH with QoS -1.
   *
   * @param ratePerSource messages a second from one network address
   */
  public record QosMinusOne(QosMinusOnePolicy policy, int ratePerSource) {}

  /** Which messages with QoS -1 are taken. */
  public enum QosMinusOnePolicy {
    NONE,
    PREDEFINED,
    /** Predefined topic ids and short topic names. */
    ALL
  }

  /**
   * Discovery (§6.1).
   *
   * @param advertiseIntervalNanos time between two ADVERTISE; more than 15 minutes is recommended
   * @param standbyFor GwId of the gateway that this one stands by for; {@link #ACTIVE} for none
   */
  public record Discovery(long advertiseIntervalNanos, int standbyFor) {
    /** This gateway stands by for nobody. */
    public static final int ACTIVE = -1;
  }

  /**
   * Forwarders (§5.5).
   *
   * @param allowed addresses of forwarders that are served; empty for any
   * @param maxNodes sessions behind one forwarder
   * @param rate messages a second through one forwarder
   */
  public record Forwarders(Set<InetAddress> allowed, int maxNodes, int rate) {}

  /**
   * One broker connection, or a few, for many clients (§4.2).
   *
   * @param connections 0 for a transparent gateway
   * @param topicPrefix stands before the topic names of a client, {client-id} in it is its ClientId
   * @param clients ClientIds, or beginnings of them with a * behind, of the clients that share;
   *     empty for all
   * @param firstSequence where the sequence numbers of publishes begin; higher than any that an
   *     earlier process used
   */
  public record Aggregating(
      int connections, String topicPrefix, List<String> clients, long firstSequence) {
    /** Every client has a connection of its own. */
    public static final Aggregating NONE = new Aggregating(0, "", List.of(), 0);
  }

  /**
   * The durable queue of publishes for the broker, of clients that share a connection.
   *
   * @param ack who must have a message with QoS 1 or 2 before its client gets the acknowledgement
   * @param bytes bound for all messages together, in octets
   * @param messages bound for their number
   * @param ageNanos a message that waits for longer is dropped
   * @param drainRate messages a second that leave the queue, beside live traffic
   * @param qosZero whether QoS 0 and -1 wait here too while the broker is away
   */
  public record Queue(
      QueueAck ack,
      long bytes,
      int messages,
      long ageNanos,
      boolean dropOldest,
      int drainRate,
      boolean qosZero) {
    /** Whether there is a queue at all. */
    public boolean isOn() {
      return messages > 0;
    }

    /** There is no queue. */
    public static final Queue NONE = new Queue(QueueAck.BROKER, 0, 0, 0, false, 0, false);
  }

  /** Who acknowledges. */
  public enum QueueAck {
    BROKER,
    DISK,
    /** The disk or the broker, whichever is first. */
    FIRST
  }
}
