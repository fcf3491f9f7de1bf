package mqttsn.gateway.session;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import mqttsn.codec.Qos;

/**
 * QoS 2 publishes of the durable queue that were given up while the broker may have them, received
 * and not released. They are released, or the broker would take the next publish with the same
 * packet identifier for a duplicate.
 */
final class AbandonedPublishes {

  private final MessageQueue queue;
  private final ReceiveWindow window;
  private final IntPredicate inUse;
  private final Consumer<BrokerCommand> toBroker;
  private final Set<Integer> packetIdentifiers = new LinkedHashSet<>(0);

  /**
   * Nothing was given up yet.
   *
   * @param inUse whether a packet identifier is that of a message which goes on, and is released
   *     with it, or must not be released
   */
  AbandonedPublishes(
      MessageQueue queue,
      ReceiveWindow window,
      IntPredicate inUse,
      Consumer<BrokerCommand> toBroker) {
    this.queue = queue;
    this.window = window;
    this.inUse = inUse;
    this.toBroker = toBroker;
  }

  void add(QueuedItem item) {
    if (item.qos == Qos.TWO && item.mayHaveBeenSent(queue.lastRestored())) {
      packetIdentifiers.add(item.identifier());
    }
  }

  /** The connection is there. */
  void connected(boolean sessionPresent) {
    if (sessionPresent) {
      release();
    } else {
      packetIdentifiers.clear();
    }
  }

  /** Sends PUBREL for what was given up, if there is a connection. */
  void release() {
    if (window.isUp()) {
      for (int packetIdentifier : packetIdentifiers) {
        if (!inUse.test(packetIdentifier)) {
          toBroker.accept(new BrokerCommand.PubRel(packetIdentifier));
        }
      }
      packetIdentifiers.clear();
    }
  }
}
