package mqttsn.gateway.session;

import java.util.BitSet;
import java.util.function.Consumer;

/**
 * The packet identifiers under which the broker holds no QoS 2 publish of one shared connection.
 *
 * <p>A broker's session that is older than this process may hold publishes that nobody here knows
 * of: those of sessions that ended, of processes that were killed. There an identifier is clear
 * once the broker has answered a PUBREL for it, and so is one that was used. It is not enough to
 * have sent that PUBREL: a kill, or the loss of the connection, may keep it from the broker.
 */
final class ClearedIdentifiers {

  private static final int BEYOND_LAST = 0x10000;

  private final Consumer<BrokerCommand> toBroker;

  /** Those that are not clear. */
  private final BitSet held = new BitSet();

  /** Those that the present connection was sent PUBREL for. */
  private final BitSet asked = new BitSet();

  ClearedIdentifiers(Consumer<BrokerCommand> toBroker) {
    this.toBroker = toBroker;
  }

  /** Whether nothing is held under an identifier that no publish under way has. */
  boolean has(int packetIdentifier) {
    return !held.get(packetIdentifier);
  }

  /** Has an identifier cleared that is not. */
  void clear(int packetIdentifier) {
    if (!asked.get(packetIdentifier)) {
      asked.set(packetIdentifier);
      toBroker.accept(new BrokerCommand.PubRel(packetIdentifier));
    }
  }

  /** PUBCOMP. */
  void add(int packetIdentifier) {
    held.clear(packetIdentifier);
    asked.clear(packetIdentifier);
  }

  /** A publish is sent. */
  void remove(int packetIdentifier) {
    held.set(packetIdentifier);
  }

  /**
   * The connection is there.
   *
   * @param isFirst whether it is the first one of this process
   */
  void connected(boolean isFirst, boolean sessionPresent) {
    asked.clear();
    if (!sessionPresent) {
      held.clear();
    } else if (isFirst) {
      held.set(1, BEYOND_LAST);
    }
  }
}
