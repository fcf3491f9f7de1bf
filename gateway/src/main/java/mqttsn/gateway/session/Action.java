package mqttsn.gateway.session;

import java.util.List;
import mqttsn.codec.ToClient;

/**
 * What the core wants done. The shell performs actions in order, after the call that returned them.
 */
public sealed interface Action {

  /** Sends a message to one client. */
  record Send(ClientAddress address, ToClient message) implements Action {}

  /**
   * Sends a message to every discovery group.
   *
   * @param radius broadcast radius in hops; 0 for the whole network (§5.3.9)
   */
  record Broadcast(ToClient message, int radius) implements Action {}

  /**
   * Sends a message into the network behind a forwarder, for all nodes there (§5.5).
   *
   * @param via the forwarder, with the node id to put into the encapsulation
   * @param radius broadcast radius for the Ctrl field; more than 3 is sent as 3, 0 stays 0
   */
  record BroadcastVia(ClientAddress via, ToClient message, int radius) implements Action {}

  /** Opens a link that is not open. */
  record OpenLink(BrokerLink link, BrokerConnect connect) implements Action {}

  /**
   * Sends a packet over an open link; on any other link it is dropped, because the core sends again
   * what matters.
   */
  record Command(BrokerLink link, BrokerCommand command) implements Action {}

  /**
   * Closes a link, after which no event of it arrives any more. Opening it again at once is
   * allowed: the new connection starts when the broker has seen the end of the old one.
   */
  record CloseLink(BrokerLink link, Farewell farewell) implements Action {}

  /**
   * Writes a session down, surely, before anything else of the same list is done: what the others
   * are told depends on it.
   */
  record Persist(SessionRecord session) implements Action {}

  /**
   * Puts a message into the durable queue; the answer is {@link QueueEvent.Stored} or {@link
   * QueueEvent.NotStored}.
   */
  record Enqueue(QueuedMessage message) implements Action {}

  /**
   * Notes that the broker has a queued message with QoS 2; the answer is {@link
   * QueueEvent.Released}.
   */
  record Release(long number) implements Action {}

  /** Takes a message out of the durable queue, with one of the next commits. */
  record Dequeue(long number) implements Action {}

  /** Asks for messages of the durable queue; each is answered. */
  record Fetch(List<Long> numbers) implements Action {}

  /** Tells the operator. */
  record Tell(Notice notice) implements Action {}

  /** How a link ends. */
  enum Farewell {
    /**
     * DISCONNECT, and the broker forgets the session (MQTT 5: session expiry 0). The broker's copy
     * of the will dies.
     */
    END_SESSION,
    /**
     * DISCONNECT, and the broker keeps the session as long as CONNECT said. The broker's copy of
     * the will dies.
     */
    KEEP_SESSION
  }

  /** A message that goes no further, counted by reason. */
  enum Drop implements Action {
    /** The client's buffer is full: messages, octets, or the total over all clients. */
    BUFFER_FULL,
    /**
     * The topic name does not fit into a REGISTER, or the payload into a PUBLISH, for this client
     * (§6.10).
     */
    TOO_LARGE,
    /** The client's topic table is full, so that no id is left for the name. */
    TOPIC_IDS_EXHAUSTED,
    /** The client rejected the PUBLISH or its REGISTER. */
    REJECTED_BY_CLIENT,
    /** The client is gone, and its session with it. */
    SESSION_ENDED,
    /** QoS 0 or -1, or a will, while the broker is away or its connection congested. */
    BROKER_AWAY,
    /** QoS 0 or -1 that names no usable topic. */
    INVALID_TOPIC,
    /** QoS -1 that the policy does not take. */
    POLICY,
    /** More than the rate of the source allows. */
    RATE,
    /** The broker did not take it. */
    REJECTED_BY_BROKER,
    /**
     * The durable queue is full: the oldest message of the lowest QoS, or QoS 0 and -1 that come.
     */
    QUEUE_FULL,
    /** Longer in the durable queue than allowed. */
    QUEUE_AGE,
    /** The broker closed a shared connection each time it got it. */
    POISON,
    /** In the durable queue, but its content cannot be read any more. */
    QUEUE_DAMAGED,
    /** QoS 0 or -1 that the disk of the durable queue did not take. */
    QUEUE_DISK;

    /** The reason as a metric label. */
    public String label() {
      return Labels.of(this);
    }
  }

  /** A request that was refused, counted by reason. */
  enum Refusal implements Action {
    /** A session-requiring message from an address that has no session. */
    UNKNOWN_SENDER,
    /** A message that makes no sense in the client's state. */
    OUT_OF_STATE,
    /** The client id is empty, too long or not usable. */
    CLIENT_ID,
    /** CONNECT beyond the connect rate. */
    CONNECT_RATE,
    /** CONNECT beyond the number of sessions. */
    TOO_MANY_SESSIONS,
    /** CONNECT while the broker is away, or refused by it. */
    BROKER,
    /**
     * More publishes than the window of the client, or all packet identifiers of its connection.
     */
    WINDOW,
    /** A topic id, name or filter that cannot be used. */
    TOPIC,
    /** The client's topic table is full. */
    TOPIC_IDS_EXHAUSTED,
    /** Readable, but not usable: the standard has a negative answer for it. */
    UNUSABLE,
    /** A datagram of a forwarder that is not allowed, or has too many nodes. */
    FORWARDER,
    /** A publish for which the durable queue has no room. */
    QUEUE_FULL,
    /** A publish that the disk of the durable queue did not take. */
    QUEUE_DISK;

    /** The reason as a metric label. */
    public String label() {
      return Labels.of(this);
    }
  }

  /** Something else that is counted. */
  enum Tally implements Action {
    /** A message sent to a client again. */
    RETRANSMISSION,
    /** A duplicate request, answered again without a second effect. */
    DUPLICATE
  }
}
