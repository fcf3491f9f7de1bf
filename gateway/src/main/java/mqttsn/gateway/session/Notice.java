package mqttsn.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * Something that an operator cares about.
 *
 * @param clientId of the client, or shared connection, that it is about; empty for one that has
 *     none
 * @param address where the client is, or was; null for a message that nobody waits for, and for a
 *     shared connection
 * @param detail a few words; empty when the event says it all
 */
public record Notice(Event event, String clientId, @Nullable ClientAddress address, String detail) {

  /** What happened. */
  public enum Event {
    /** A session became active. */
    CONNECTED,
    /** A CONNECT was rejected. */
    REFUSED,
    /** The client said goodbye. */
    DISCONNECTED,
    /** The client went to sleep. */
    ASLEEP,
    /** The client is lost; its will, if any, is published. */
    LOST,
    /** The client appeared at another address. */
    MOVED,
    /** The session ended by the gateway's decision. */
    ENDED,
    /** The broker connection of the session is gone; the grace runs. */
    BROKER_LOST,
    /** The broker connection of the session is back. */
    BROKER_BACK,
    /** A message that was acknowledged to the client does not reach the broker. */
    MESSAGE_DROPPED
  }
}
