package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * What waits in the durable queue for one connection and was not sent yet: on the disk, but for a
 * few messages that are fetched ahead at the {@link DrainRate}.
 */
final class QueueBacklog {

  /** No message. */
  static final long NONE = Long.MAX_VALUE;

  /** So many messages are fetched ahead: their payloads are in memory. */
  private static final int FETCHED_AHEAD = 256;

  private final QueuedUplink uplink;
  private final MessageQueue queue;
  private final DrainRate rate;

  /** What waits on the disk, by QoS. */
  private final QueueLane[] lanes = {new QueueLane(), new QueueLane(), new QueueLane()};

  /** Packet identifiers of messages in lanes, where they do not follow from the numbers. */
  private final Map<Long, Integer> fixed = new HashMap<>(0);

  /** What goes next, by number; the last ones are being fetched. */
  private final Deque<QueuedItem> ahead = new ArrayDeque<>();

  QueueBacklog(QueuedUplink uplink, MessageQueue queue) {
    this.uplink = uplink;
    this.queue = queue;
    this.rate = new DrainRate(queue.settings().drainRate(), queue.now());
  }

  int fetchedAhead() {
    return ahead.size();
  }

  /** A message joins, behind all others. */
  void add(QueuedItem item, long enteredAt) {
    queue.clients().beginWaiting(item.client);
    lanes[item.qos.level()].add(item.number, enteredAt, item.bytes, item.client);
    if (item.fixed != 0) {
      fixed.put(item.number, item.fixed);
    }
  }

  /** Whether an older message that waits may have the packet identifier of this one. */
  boolean holdsBefore(QueuedItem item) {
    QueueLane lane = oldestLane();
    long oldest = ahead.isEmpty() ? NONE : ahead.getFirst().number;
    oldest = lane == null ? oldest : Math.min(oldest, lane.number());
    return item.number - oldest >= QueuedItem.PACKET_IDENTIFIERS;
  }

  /** Another rate from now on, in messages a second. */
  void drainRate(int perSecond) {
    rate.change(perSecond, queue.now());
  }

  /** A message joined while others are on their way: it is not to make the backlog longer. */
  void joinedLive() {
    rate.joined();
  }

  /** The message that goes next; null when none is fetched ahead. */
  @Nullable QueuedItem first() {
    return ahead.peekFirst();
  }

  /** Hands over what is fetched ahead, or being fetched. */
  void candidates(Consumer<Suspect> each) {
    ahead.forEach(each);
  }

  /** A message that was fetched ahead does not wait any more; false if it is not there. */
  boolean remove(QueuedItem item) {
    boolean wasThere = ahead.remove(item);
    if (wasThere) {
      queue.clients().endWaiting(item.client);
    }
    return wasThere;
  }

  /** A message that is not fetched does not wait any more; false if it is not there. */
  boolean cancel(QueuedItem item) {
    boolean wasThere = lanes[item.qos.level()].cancel(item.number);
    if (wasThere) {
      fixed.remove(item.number);
      queue.clients().endWaiting(item.client);
    }
    return wasThere;
  }

  /** Has the next messages fetched, as the rate allows. */
  void fetch(List<Long> numbers) {
    while (ahead.size() < FETCHED_AHEAD) {
      QueueLane lane = oldestLane();
      if (lane == null || queue.isBeingStored(lane.number()) || !rate.take(queue.now())) {
        return;
      }
      QueuedItem item = take(lane);
      item.fetching = true;
      queue.await(item);
      ahead.add(item);
      uplink.prepare(item);
      numbers.add(item.number);
    }
  }

  /** When the rate allows the next message to be fetched; {@link Time#NEVER} if none waits. */
  long deadline() {
    QueueLane lane = oldestLane();
    boolean waitsForRate =
        lane != null && ahead.size() < FETCHED_AHEAD && !queue.isBeingStored(lane.number());
    return waitsForRate ? rate.nextAllowanceAt() : Time.NEVER;
  }

  // --- bounds

  /** When the oldest message came; {@link Time#NEVER} if none waits. */
  long oldestEnteredAt() {
    long oldest = ahead.isEmpty() ? Time.NEVER : ahead.getFirst().enteredAt;
    for (QueueLane lane : lanes) {
      oldest = lane.isEmpty() ? oldest : Math.min(oldest, lane.enteredAt());
    }
    return oldest;
  }

  /** Takes out a message that came at this time or before; null when there is none. */
  @Nullable QueuedItem giveOlder(long enteredAt) {
    QueuedItem next = ahead.peekFirst();
    if (next != null && next.enteredAt <= enteredAt) {
      return give(next);
    }
    for (QueueLane lane : lanes) {
      if (!lane.isEmpty() && lane.enteredAt() <= enteredAt) {
        return give(lane);
      }
    }
    return null;
  }

  /** The number of the oldest message with this QoS; {@link #NONE} if none waits. */
  long oldestNumber(Qos qos) {
    QueuedItem oldestAhead = firstAhead(qos);
    QueueLane lane = lanes[qos.level()];
    long oldestInLane = lane.isEmpty() ? NONE : lane.number();
    return oldestAhead == null ? oldestInLane : oldestAhead.number;
  }

  /** Takes out the oldest message with this QoS; there is one. */
  QueuedItem giveOldest(Qos qos) {
    QueuedItem oldestAhead = firstAhead(qos);
    return oldestAhead == null ? give(lanes[qos.level()]) : give(oldestAhead);
  }

  // --- below

  private @Nullable QueuedItem firstAhead(Qos qos) {
    for (QueuedItem item : ahead) {
      if (item.qos == qos) {
        return item;
      }
    }
    return null;
  }

  private QueuedItem give(QueuedItem item) {
    boolean unused = remove(item);
    return item;
  }

  private QueuedItem give(QueueLane lane) {
    QueuedItem item = take(lane);
    queue.clients().endWaiting(item.client);
    return item;
  }

  private QueuedItem take(QueueLane lane) {
    Qos qos = lane == lanes[0] ? Qos.ZERO : lane == lanes[1] ? Qos.ONE : Qos.TWO;
    QueuedItem item = new QueuedItem(uplink, lane.number(), lane.client(), lane.bytes(), qos);
    Integer identifier = fixed.remove(item.number);
    item.fixed = identifier == null ? 0 : identifier;
    item.enteredAt = lane.enteredAt();
    lane.remove();
    return item;
  }

  private @Nullable QueueLane oldestLane() {
    QueueLane oldest = null;
    for (QueueLane lane : lanes) {
      if (!lane.isEmpty() && (oldest == null || lane.number() < oldest.number())) {
        oldest = lane;
      }
    }
    return oldest;
  }
}
