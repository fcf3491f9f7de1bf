package mqttsn.gateway.session;

import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/** A publish with QoS 1 or 2 over a shared connection, for which the broker may close it. */
interface Suspect {

  /** Whether nothing is left to be done for it here. */
  boolean isOver();

  /** Whether the broker has it (PUBREC), so that PUBREL is what it gets. */
  boolean isReleased();

  /** Whether it waits to be sent, or released, and could be now. */
  boolean isReady();

  /** Whether the durable queue has it, so that nobody waits for it. */
  boolean isInQueue();

  Qos qos();

  /** Whose it is, to be compared only. */
  Object sender();

  /** Empty for QoS -1. */
  String clientId();

  /** Null where only the disk knows it. */
  @Nullable String topicName();

  /** Sends it, or its PUBREL, out of turn; it is ready. */
  void send();

  /** It goes no further: the broker closes the connection because of it. */
  void condemn();
}
