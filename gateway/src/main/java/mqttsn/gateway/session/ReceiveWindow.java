package mqttsn.gateway.session;

import java.util.BitSet;

/** What the broker takes at present over one shared connection: its receive maximum, and more. */
final class ReceiveWindow {

  /** Which publishes are held back, but for one that is to be sent alone. */
  enum Hold {
    NOTHING,
    QOS_1_AND_2,
    EVERYTHING
  }

  /** Packet identifiers that the broker has not acknowledged on the present connection. */
  private final BitSet unacknowledged = new BitSet();

  /** How many they are. */
  private int underWay;

  private BrokerLimits limits = BrokerLimits.MQTT_3_1_1;
  private boolean up;
  private boolean wasUp;
  private boolean inherits;
  private boolean congested;

  private Hold hold = Hold.NOTHING;

  /** Whether there was PUBACK or PUBREC over the present connection. */
  private boolean taken;

  /** Whether there was PUBACK or PUBCOMP. */
  private boolean completed;

  /** Whether anything can be sent now. */
  boolean takesPublishes() {
    return up && !congested && hold != Hold.EVERYTHING;
  }

  boolean isUp() {
    return up;
  }

  /** Whether the connection is there, or was before. */
  boolean wasUp() {
    return wasUp;
  }

  /** What the broker allows, or allowed before its connection was lost. */
  BrokerLimits limits() {
    return limits;
  }

  /**
   * Whether the broker's session is older than this process: it may hold QoS 2 messages that nobody
   * released.
   */
  boolean inherits() {
    return inherits;
  }

  /** Whether the broker takes this publish at all. */
  boolean admits(BrokerCommand.Publish publish) {
    return limits.admits(
        publish.qos(), publish.retain(), publish.topicName(), publish.payload().size());
  }

  /** Whether one more publish with QoS 1 or 2 can be sent now. */
  boolean hasRoom() {
    return holdsNothing() && underWay < limits.receiveMaximum();
  }

  /** Whether there is room beyond a quarter that is kept for others. */
  boolean hasRoomBeyondReserve() {
    int maximum = limits.receiveMaximum();
    int reserve = maximum == 1 ? 0 : (maximum + 3) / 4;
    return holdsNothing() && underWay < maximum - reserve;
  }

  boolean isUnacknowledged(int packetIdentifier) {
    return unacknowledged.get(packetIdentifier);
  }

  void sent(int packetIdentifier) {
    if (!unacknowledged.get(packetIdentifier)) {
      unacknowledged.set(packetIdentifier);
      underWay++;
    }
  }

  /** An exchange is over, or begins anew. */
  void forget(int packetIdentifier) {
    if (unacknowledged.get(packetIdentifier)) {
      unacknowledged.clear(packetIdentifier);
      underWay--;
    }
  }

  /** PUBACK. */
  void acknowledged() {
    taken = true;
    completed = true;
  }

  /** PUBREC. */
  void taken() {
    taken = true;
  }

  /** PUBCOMP. */
  void completed() {
    completed = true;
  }

  /** Whether there was PUBACK or PUBREC over the present connection. */
  boolean hasTaken() {
    return taken;
  }

  /** Whether there was PUBACK or PUBCOMP over the present connection. */
  boolean hasCompleted() {
    return completed;
  }

  /** Whether a publish could be sent now, if none was held back. */
  boolean isOpen() {
    return up && !congested;
  }

  /** What is held back from now on. */
  void hold(Hold publishes) {
    hold = publishes;
  }

  private boolean holdsNothing() {
    return takesPublishes() && hold == Hold.NOTHING;
  }

  void congestion(boolean isCongested) {
    congested = isCongested;
  }

  void connected(BrokerLimits newLimits, boolean sessionPresent) {
    limits = newLimits;
    inherits = sessionPresent && (inherits || !wasUp);
    congested = false;
    up = true;
    wasUp = true;
  }

  void lost() {
    unacknowledged.clear();
    underWay = 0;
    taken = false;
    completed = false;
    up = false;
  }
}
