package mqttsn.gateway.session;

import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * A message of the durable queue that something is under way for: it is being written, fetched or
 * sent. One that only waits is in a {@link QueueLane}.
 */
final class QueuedItem implements Suspect {

  /** So many packet identifiers there are for queued messages. */
  static final int PACKET_IDENTIFIERS = 0x8000;

  /** How far the broker is with it. */
  enum Phase {
    /** It has not been sent over the present connection. */
    WAITING,
    /** PUBLISH is sent. */
    SENT,
    /** The broker has it (PUBREC), and that is being written down. */
    RECEIVED,
    /** The broker has it, and PUBREL is due or sent. */
    RELEASED
  }

  final QueuedUplink uplink;
  final long number;
  final int client;
  final int bytes;
  final Qos qos;
  Phase phase = Phase.WAITING;

  /** When it came into the queue; counts as long as it was not sent. */
  long enteredAt;

  /** The packet identifier toward the broker; 0 as long as it was not sent. */
  int ours;

  /** The packet identifier that it is to have; 0 for the one that follows from the number. */
  int fixed;

  /** Whether a broker session may know it under this packet identifier. */
  boolean mayBeKnown;

  /** What is sent; null as long as only the disk has it. */
  BrokerCommand.@Nullable Publish publish;

  /** Whether the disk was asked to take it. */
  boolean storing;

  /** Whether the disk was asked for what is sent. */
  boolean fetching;

  /** Whether the disk did not take it, so that the client waits for the broker. */
  boolean onlyHere;

  /** Whether it has left the queue. */
  boolean isOver;

  /** Who waits for an acknowledgement; null for nobody. */
  @Nullable BrokerLink waiter;

  /** The packet identifier of the waiter. */
  int theirs;

  QueuedItem(QueuedUplink uplink, long number, int client, int bytes, Qos qos) {
    this.uplink = uplink;
    this.number = number;
    this.client = client;
    this.bytes = bytes;
    this.qos = qos;
  }

  /** The packet identifier that follows from a number. */
  static int derived(long number) {
    return QueuedUplink.FIRST_PACKET_IDENTIFIER + (int) (number % PACKET_IDENTIFIERS);
  }

  /** Another packet identifier of queued messages. */
  static int following(int identifier) {
    return derived(identifier + 1L - QueuedUplink.FIRST_PACKET_IDENTIFIER);
  }

  /** The packet identifier that it has, or will have. */
  int identifier() {
    if (ours != 0) {
      return ours;
    }
    return fixed == 0 ? derived(number) : fixed;
  }

  /**
   * Whether the broker may have been sent it, by this process or an earlier one.
   *
   * @param lastRestored the highest number of an earlier process
   */
  boolean mayHaveBeenSent(long lastRestored) {
    return ours != 0 || fixed != 0 || number <= lastRestored;
  }

  boolean awaitsDisk() {
    return storing || fetching || phase == Phase.RECEIVED;
  }

  /** Whether it was sent before it came into the queue. */
  boolean isSpilled() {
    return ours != 0 && ours < QueuedUplink.FIRST_PACKET_IDENTIFIER;
  }

  // --- as one of those that may end the connection

  @Override
  public boolean isOver() {
    return isOver;
  }

  @Override
  public boolean isReleased() {
    return phase == Phase.RELEASED;
  }

  @Override
  public boolean isReady() {
    return phase == Phase.RELEASED || (phase == Phase.WAITING && publish != null);
  }

  @Override
  public boolean isInQueue() {
    return true;
  }

  @Override
  public Qos qos() {
    return qos;
  }

  @Override
  public Object sender() {
    return client;
  }

  @Override
  public String clientId() {
    return uplink.clientIdOf(this);
  }

  @Override
  public @Nullable String topicName() {
    return publish == null ? null : publish.topicName();
  }

  @Override
  public void send() {
    uplink.sendOutOfTurn(this);
  }

  @Override
  public void condemn() {
    uplink.condemn(this);
  }
}
