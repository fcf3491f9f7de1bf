package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of all shared connections, as far as the core knows it: what is in it, whether
 * there is room, and for whom an answer of the disk is. The messages themselves are on the disk.
 *
 * <p>What waits for one connection, and how it gets to the broker: {@link QueuedUplink}.
 */
final class MessageQueue {

  /**
   * So many numbers are left out after a restart: those of messages that a crash kept from the
   * disk, and that sessions send again under their packet identifiers.
   */
  private static final int NEVER_SYNCED = 4_096;

  /** At most so much of their age is left to messages after a restart, whatever the clock says. */
  private static final long MOST_LEFT_NANOS = 3_600 * Time.SECOND;

  private Settings.Queue settings;
  private final Outbox out;
  private final List<QueuedUplink> uplinks = new ArrayList<>();
  private final QueueClients clients = new QueueClients();

  /** Messages that the disk has to say something about, by number. */
  private final Map<Long, QueuedItem> awaited = new HashMap<>();

  private final RestoredExchanges restoredExchanges = new RestoredExchanges();
  private long lastNumber;
  private long lastRestored;
  private long messages;
  private long bytes;
  private long now;

  MessageQueue(Settings.Queue settings, Outbox out, long now) {
    this.settings = settings;
    this.out = out;
    this.now = now;
  }

  Settings.Queue settings() {
    return settings;
  }

  /** Other bounds and rates, from now on. */
  void reconfigure(Settings.Queue newSettings) {
    settings = newSettings;
    uplinks.forEach(uplink -> uplink.backlog().drainRate(newSettings.drainRate()));
    dropOverAge();
  }

  void add(QueuedUplink uplink) {
    uplinks.add(uplink);
  }

  /** The time of the present input. */
  long now() {
    return now;
  }

  /** An input begins. */
  void at(long inputNanos) {
    now = inputNanos;
  }

  QueueClients clients() {
    return clients;
  }

  RestoredExchanges restoredExchanges() {
    return restoredExchanges;
  }

  boolean isEmpty() {
    return messages == 0;
  }

  QueueView view() {
    int underWay = 0;
    for (QueuedUplink uplink : uplinks) {
      underWay += uplink.underWay();
    }
    return new QueueView(messages, bytes, underWay, now - Math.min(now, oldestEnteredAt()));
  }

  // --- messages come and go

  /**
   * The number that the next message will have.
   *
   * @param isClaimed whether a session has a publish under a packet identifier, which no number of
   *     another message may lead to
   */
  long nextNumber(IntPredicate isClaimed) {
    long next = lastNumber + 1;
    for (int tried = 1;
        tried < QueuedItem.PACKET_IDENTIFIERS && isClaimed.test(QueuedItem.derived(next));
        tried++) {
      next++;
    }
    return next;
  }

  /** Numbers up to this one come from an earlier process. */
  long lastRestored() {
    return lastRestored;
  }

  /**
   * Whether a message can be taken; a full queue may drop another one for it.
   *
   * @param itsBytes as {@link QueuedMessage#bytes}
   */
  boolean makesRoomFor(Qos qos, int itsBytes) {
    dropOverAge();
    boolean hasRoom = hasRoomFor(itsBytes);
    while (!hasRoom && settings.dropOldest() && dropOldestUpTo(qos)) {
      hasRoom = hasRoomFor(itsBytes);
    }
    return hasRoom;
  }

  /** A message with the {@link #nextNumber next number} is on its way to the disk. */
  QueuedItem enter(QueuedMessage message, QueuedUplink uplink) {
    lastNumber = message.number();
    QueuedItem item =
        count(uplink, message.number(), message.clientId(), message.qos(), message.bytes());
    item.storing = true;
    awaited.put(item.number, item);
    out.add(new Action.Enqueue(message));
    return item;
  }

  /**
   * Numbers do not begin anew, although the queue may be empty: the packet identifiers follow from
   * them, and under the last ones the broker may hold messages that nobody released.
   *
   * @param number the highest one that an earlier process gave, as far as that is known; 0 for none
   */
  void goOnBehind(long number) {
    if (number > lastRestored) {
      lastRestored = number;
      lastNumber = number + NEVER_SYNCED;
    }
  }

  /** A message that an earlier process left. */
  QueuedItem restore(QueuedMessage.Summary summary, QueuedUplink uplink) {
    goOnBehind(summary.number());
    restoredExchanges.add(summary.clientId(), QueuedUplink.identifierOf(summary), summary.bytes());
    return count(uplink, summary.number(), summary.clientId(), summary.qos(), summary.bytes());
  }

  /**
   * When a message of an earlier process counts as having come. A wall clock that was wrong then
   * may say any age: so a tenth of the longest one, an hour at most, is left to the message in any
   * case, for the broker to be reached.
   */
  long enteredAt(QueuedMessage.Summary summary) {
    long left = Math.min(MOST_LEFT_NANOS, settings.ageNanos() / 10);
    long ageNanos = summary.ageMillis() * (Time.SECOND / 1_000);
    return now - Math.min(ageNanos, settings.ageNanos() - left);
  }

  /** A message is over, whatever became of it. */
  void leave(int client, int itsBytes) {
    messages--;
    bytes -= itsBytes;
    clients.leave(client);
  }

  private QueuedItem count(
      QueuedUplink uplink, long number, String clientId, Qos qos, int itsBytes) {
    messages++;
    bytes += itsBytes;
    return new QueuedItem(uplink, number, clients.enter(clientId), itsBytes, qos);
  }

  // --- the disk

  /** Something of this message is asked of the disk. */
  void await(QueuedItem item) {
    awaited.put(item.number, item);
  }

  /** Whether the message is not surely on the disk yet. */
  boolean isBeingStored(long number) {
    QueuedItem item = awaited.get(number);
    return item != null && item.storing;
  }

  /** What the disk says. */
  void fromDisk(QueueEvent event) {
    QueuedItem item = awaited.get(event.number());
    if (item == null) {
      return; // it is over already
    }
    if (event instanceof QueueEvent.Stored) {
      item.uplink.stored(item);
    } else if (event instanceof QueueEvent.NotStored) {
      item.uplink.notStored(item);
    } else if (event instanceof QueueEvent.Released) {
      item.uplink.released(item);
    } else if (event instanceof QueueEvent.Fetched fetched) {
      item.uplink.fetched(item, fetched.message());
    } else {
      item.uplink.missing(item);
    }
    if (!item.awaitsDisk()) {
      awaited.remove(item.number);
    }
  }

  // --- bounds

  /** Drops what has waited for too long; what was sent once waits for the broker's answer. */
  void dropOverAge() {
    long before = now - settings.ageNanos();
    uplinks.forEach(uplink -> uplink.dropOlder(before));
  }

  /** When the first message will have waited for too long. */
  long deadline() {
    return Time.after(oldestEnteredAt(), settings.ageNanos());
  }

  private long oldestEnteredAt() {
    long oldest = Time.NEVER;
    for (QueuedUplink uplink : uplinks) {
      oldest = Math.min(oldest, uplink.backlog().oldestEnteredAt());
    }
    return oldest;
  }

  private boolean hasRoomFor(int itsBytes) {
    return messages < settings.messages() && bytes + itsBytes <= settings.bytes();
  }

  /** Drops the oldest message of the lowest QoS, up to this one; false if there is none. */
  private boolean dropOldestUpTo(Qos highest) {
    for (int level = 0; level <= highest.level(); level++) {
      Qos qos = Qos.ofLevel(level);
      QueuedUplink holder = holderOfOldest(qos);
      if (holder != null) {
        holder.dropOldest(qos);
        return true;
      }
    }
    return false;
  }

  private @Nullable QueuedUplink holderOfOldest(Qos qos) {
    QueuedUplink holder = null;
    long oldest = QueueBacklog.NONE;
    for (QueuedUplink uplink : uplinks) {
      long number = uplink.backlog().oldestNumber(qos);
      if (number < oldest) {
        oldest = number;
        holder = uplink;
      }
    }
    return holder;
  }
}
