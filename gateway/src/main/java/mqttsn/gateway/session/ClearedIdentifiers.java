package mqttsn.gateway.session;

import java.util.BitSet;

/**
 * The packet identifiers under which the broker holds no QoS 2 publish of one shared connection.
 *
 * <p>A broker's session that is older than this process may hold publishes that no session's record
 * tells of: those of sessions that ended, of processes that were killed. There an identifier is
 * clear once the broker has answered a PUBREL for it. It is not enough to have sent that PUBREL: a
 * kill may keep it from the broker.
 */
final class ClearedIdentifiers {

  private final ReceiveWindow window;
  private final BitSet answered = new BitSet();

  ClearedIdentifiers(ReceiveWindow window) {
    this.window = window;
  }

  /** Whether nothing is held under an identifier that no publish under way has. */
  boolean has(int packetIdentifier) {
    return !window.inherits() || answered.get(packetIdentifier);
  }

  /** PUBCOMP. */
  void add(int packetIdentifier) {
    answered.set(packetIdentifier);
  }

  /** A publish is sent. */
  void remove(int packetIdentifier) {
    answered.clear(packetIdentifier);
  }
}
