package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.Set;

/** What the broker takes at present over one shared connection: its receive maximum, and more. */
final class ReceiveWindow {

  /** Packet identifiers that the broker has not acknowledged on the present connection. */
  private final Set<Integer> unacknowledged = new HashSet<>();

  private BrokerLimits limits = BrokerLimits.MQTT_3_1_1;
  private boolean up;
  private boolean wasUp;
  private boolean inherits;
  private boolean congested;

  /** Whether publishes are held back, but for one. */
  private boolean held;

  /** Whether the broker acknowledged a publish over the present connection. */
  private boolean answered;

  /** Whether anything can be sent now. */
  boolean takesPublishes() {
    return up && !congested && !held;
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
    return takesPublishes() && unacknowledged.size() < limits.receiveMaximum();
  }

  /** Whether there is room beyond a quarter that is kept for others. */
  boolean hasRoomBeyondReserve() {
    int maximum = limits.receiveMaximum();
    int reserve = maximum == 1 ? 0 : (maximum + 3) / 4;
    return takesPublishes() && unacknowledged.size() < maximum - reserve;
  }

  boolean isUnacknowledged(int packetIdentifier) {
    return unacknowledged.contains(packetIdentifier);
  }

  void sent(int packetIdentifier) {
    unacknowledged.add(packetIdentifier);
  }

  /** An exchange has its last acknowledgement. */
  void acknowledged(int packetIdentifier) {
    forget(packetIdentifier);
    answered = true;
  }

  /** An exchange is over without the broker, or begins anew. */
  void forget(int packetIdentifier) {
    unacknowledged.remove(packetIdentifier);
  }

  /** The broker acknowledged a publish. */
  void answered() {
    answered = true;
  }

  /** Whether the broker acknowledged a publish over the present connection. */
  boolean isAnswered() {
    return answered;
  }

  /** Whether a publish could be sent now, if none was held back. */
  boolean isOpen() {
    return up && !congested;
  }

  /** Publishes are held back from now on, or not any more. */
  void hold(boolean isHeld) {
    held = isHeld;
  }

  void congestion(boolean isCongested) {
    congested = isCongested;
  }

  void connected(BrokerLimits newLimits, boolean sessionPresent) {
    limits = newLimits;
    inherits = sessionPresent && (inherits || !wasUp);
    congested = false;
    answered = false;
    up = true;
    wasUp = true;
  }

  void lost() {
    unacknowledged.clear();
    answered = false;
    up = false;
  }
}
