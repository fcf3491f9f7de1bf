package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for one client: while it sleeps, or behind an exchange under way.
 *
 * <p>Bounded by messages, octets, and the octets of all clients together. When it is full, the
 * oldest waiting message with QoS 0 makes room; when there is none, the new message is refused
 * (SI-20).
 */
final class DeliveryQueue {

  private final SessionContext context;
  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(0);
  private long bytes;

  DeliveryQueue(SessionContext context) {
    this.context = context;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  /** Takes out the first message; it counts until it is {@link #release released}. */
  @Nullable Delivery poll() {
    return waiting.poll();
  }

  /**
   * Appends a message.
   *
   * @return false when there is no room for it
   */
  boolean offer(Delivery delivery) {
    if (delivery.bytes() > context.settings().sessions().bufferBytes()) {
      return false;
    }
    while (!fits(delivery)) {
      if (!dropOldestOfQosZero()) {
        return false;
      }
    }
    waiting.add(delivery);
    bytes += delivery.bytes();
    return true;
  }

  /** The message of the broker with this packet identifier that waits here; null for none. */
  @Nullable Delivery find(int packetIdentifier) {
    if (waiting.isEmpty()) {
      return null; // as for most messages, and no iterator is made for them
    }
    for (Delivery delivery : waiting) {
      if (delivery.packetIdentifier() == packetIdentifier) {
        return delivery;
      }
    }
    return null;
  }

  /** What {@link #clear} leaves for the client's next connection, for a record. */
  List<SessionRecord.Message> records() {
    return waiting.stream().filter(Delivery::staysHere).map(Delivery::record).toList();
  }

  /** Takes out the message that the client has under this MsgId; null for none. */
  @Nullable Delivery takeOut(int msgId) {
    for (Delivery delivery : waiting) {
      if (delivery.msgId() == msgId && msgId != 0) {
        remove(delivery);
        return delivery;
      }
    }
    return null;
  }

  /** A message that waits here is not to be delivered any more. */
  void remove(Delivery delivery) {
    waiting.remove(delivery);
    release(delivery);
  }

  void forgottenByBroker() {
    waiting.forEach(Delivery::forgottenByBroker);
  }

  /** Counts a message that is under way already, as if it had been polled here. */
  void adopt(Delivery delivery) {
    context.budget().takeBack(delivery.bytes());
    bytes += delivery.bytes();
  }

  /** Puts back what was polled last and did not arrive. */
  void returnFirst(Delivery delivery) {
    waiting.addFirst(delivery);
  }

  /**
   * Drops what waits.
   *
   * @param forGood everything; otherwise what stays here stays. What the broker does not have
   *     either is counted
   */
  void clear(boolean forGood) {
    waiting.removeIf(
        delivery -> {
          if (!forGood && delivery.staysHere()) {
            return false;
          }
          if (delivery.packetIdentifier() == 0) {
            context.act(Action.Drop.SESSION_ENDED);
          }
          release(delivery);
          return true;
        });
  }

  private boolean fits(Delivery delivery) {
    Settings.Sessions limits = context.settings().sessions();
    return waiting.size() < limits.bufferMessages()
        && bytes + delivery.bytes() <= limits.bufferBytes()
        && context.budget().take(delivery.bytes());
  }

  private boolean dropOldestOfQosZero() {
    for (Iterator<Delivery> oldestFirst = waiting.iterator(); oldestFirst.hasNext(); ) {
      Delivery delivery = oldestFirst.next();
      if (delivery.qos == Qos.ZERO) {
        oldestFirst.remove();
        release(delivery);
        context.act(Action.Drop.BUFFER_FULL);
        return true;
      }
    }
    return false;
  }

  /** The message is done with. */
  void release(Delivery delivery) {
    bytes -= delivery.bytes();
    context.budget().giveBack(delivery.bytes());
  }
}
