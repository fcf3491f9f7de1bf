package mqttsn.gateway.session;

import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/** A QoS 1 or 2 publish of one session over a shared connection. */
final class UplinkExchange implements Suspect {

  private final SharedUplink uplink;
  final BrokerLink from;
  final int theirs;
  final int ours;
  final Qos qos;

  /** What is sent; null for what an earlier process sent, until the session sends it again. */
  BrokerCommand.@Nullable Publish publish;

  /** Null before it is sent for the first time. */
  BrokerCommand.@Nullable Origin origin;

  /** Whether the broker was sent it, and may know it. */
  boolean sent;

  /** Whether it waits for room, or for its packet identifier. */
  boolean waits;

  /** QoS 2: whether the broker has not confirmed yet that its packet identifier is free. */
  boolean clears;

  /** Whether the broker may know it: then its session's record tells its packet identifier. */
  boolean mayBeKnown;

  /** QoS 2: the broker has it, and is sent PUBREL. */
  boolean released;

  /** QoS 2: the session has sent PUBREL and waits for PUBCOMP. */
  boolean completes;

  /** QoS 2: whether its session is to send it again, or to release it. */
  boolean deferred;

  /** Whether the durable queue has it, and answers the session. */
  boolean queued;

  /** The packet identifier that the durable queue gave it, or that it had before. */
  int onWire;

  /** Whether nothing is left to be done here: it is answered, or the durable queue has it. */
  boolean over;

  /** When the session published it; counts with a durable queue. */
  long publishedAt;

  UplinkExchange(SharedUplink uplink, BrokerLink from, int theirs, int ours, Qos qos) {
    this.uplink = uplink;
    this.from = from;
    this.theirs = theirs;
    this.ours = ours;
    this.onWire = ours;
    this.qos = qos;
  }

  // --- as one of those that may end the connection

  @Override
  public boolean isOver() {
    return over || queued;
  }

  @Override
  public boolean isReleased() {
    return released;
  }

  @Override
  public boolean isReady() {
    return uplink.sending().isReady(this);
  }

  @Override
  public boolean isInQueue() {
    return false;
  }

  @Override
  public Qos qos() {
    return qos;
  }

  @Override
  public Object sender() {
    return from;
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
    uplink.sending().sendOutOfTurn(this);
  }

  @Override
  public void condemn() {
    uplink.condemn(this);
  }
}
