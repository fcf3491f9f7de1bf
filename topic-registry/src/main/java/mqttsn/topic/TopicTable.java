package mqttsn.topic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.NormalId;
import org.jspecify.annotations.Nullable;

/**
 * The normal topic ids of one client (§6.5, §7.3): which id stands for which topic name, and
 * whether the client knows it. Ids are handed out in rising order; none stands for two names, not
 * even one after the other, until all 65,534 had their turn. A full table refuses, it never evicts
 * (SI-26).
 *
 * <p>Most clients have one to five topics and there are thousands of clients, so an empty table has
 * no array of its own and a small one no map: 32 octets empty, 200 with five topics, names apart.
 */
public final class TopicTable {

  /** The largest topic id: 0xFFFF is reserved (§5.3.11). */
  public static final int MAX_TOPIC_ID = 0xFFFE;

  /** Up to so many names are searched one by one: a map would double what a topic costs. */
  private static final int FEW = 16;

  private static final Entry[] EMPTY = new Entry[1];

  private final int maxTopics;

  /** Open addressing by {@code topicId & (slots.length - 1)}, at most three quarters full. */
  private @Nullable Entry[] slots = EMPTY;

  /** Null until the table has more than a few names. */
  private @Nullable Map<String, Entry> byName;

  private int size;
  private int lastId;

  /**
   * An empty table.
   *
   * @param maxTopics how many topics it takes, 1 to 65,534
   */
  public TopicTable(int maxTopics) {
    if (maxTopics < 1 || maxTopics > MAX_TOPIC_ID) {
      throw new IllegalArgumentException("maxTopics " + maxTopics + ": expected 1 to 65534");
    }
    this.maxTopics = maxTopics;
  }

  /**
   * The table as it was when the snapshot was taken. A limit that has become smaller in the
   * meantime admits nothing new, but forgets nothing.
   */
  public static TopicTable restore(Snapshot snapshot, int maxTopics) {
    TopicTable table = new TopicTable(maxTopics);
    for (Topic topic : snapshot.topics()) {
      table.add(new Entry(topic.topicId(), topic.name(), topic.confirmed()));
    }
    table.lastId = snapshot.lastId();
    return table;
  }

  /**
   * The id that stands for the name, a new and unconfirmed one if the name has none yet.
   *
   * @return null if the name is new and the table full
   */
  public @Nullable NormalId register(String name) {
    NormalId known = idOf(name);
    if (known != null || isFull()) {
      return known;
    }
    lastId = nextFreeId();
    add(new Entry(lastId, name, false));
    return new NormalId(lastId);
  }

  /** The id that stands for the name, null if there is none. */
  public @Nullable NormalId idOf(String name) {
    Entry entry = find(name);
    return entry == null ? null : new NormalId(entry.topicId);
  }

  /** The name that the id stands for, null if there is none. */
  public @Nullable String nameOf(NormalId id) {
    Entry entry = find(id.topicId());
    return entry == null ? null : entry.name;
  }

  /** Whether the client is known to know the id; a PUBLISH to it may carry such an id only. */
  public boolean isConfirmed(NormalId id) {
    Entry entry = find(id.topicId());
    return entry != null && entry.confirmed;
  }

  /** The client has shown that it knows the id. An unknown id changes nothing. */
  public void confirm(NormalId id) {
    setConfirmed(id, true);
  }

  /** The client has shown that it does not know the id. An unknown id changes nothing. */
  public void unconfirm(NormalId id) {
    setConfirmed(id, false);
  }

  /** The client may have forgotten everything, as after a new CONNECT (§6.5). */
  public void unconfirmAll() {
    for (Entry entry : slots) {
      if (entry != null) {
        entry.confirmed = false;
      }
    }
  }

  /** The id stands for nothing any more. An unknown id changes nothing. */
  public void forget(NormalId id) {
    int slot = slotOf(id.topicId());
    Entry entry = slots[slot];
    if (entry == null) {
      return;
    }
    closeGap(slot);
    size--;
    if (byName != null) {
      byName.remove(entry.name);
    }
  }

  /**
   * Forgets every topic, as CleanSession wants it (§6.3). The next ids go on rising, so that a
   * PUBLISH still under way from before cannot hit a topic from after.
   */
  public void clear() {
    slots = EMPTY;
    byName = null;
    size = 0;
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size >= maxTopics;
  }

  /** What the table knows, as a value that can be written down and read back. */
  public Snapshot snapshot() {
    List<Topic> topics = new ArrayList<>(size);
    for (Entry entry : slots) {
      if (entry != null) {
        topics.add(new Topic(entry.topicId, entry.name, entry.confirmed));
      }
    }
    topics.sort(Comparator.comparingInt(Topic::topicId));
    return new Snapshot(lastId, topics);
  }

  private int nextFreeId() {
    int topicId = lastId;
    do {
      topicId = topicId == MAX_TOPIC_ID ? 1 : topicId + 1;
    } while (find(topicId) != null);
    return topicId;
  }

  private void add(Entry entry) {
    if ((size + 1) * 4 > slots.length * 3) {
      grow();
    }
    slots[slotOf(entry.topicId)] = entry;
    size++;
    if (byName != null) {
      byName.put(entry.name, entry);
    } else if (size > FEW) {
      Map<String, Entry> names = new HashMap<>();
      for (Entry each : slots) {
        if (each != null) {
          names.put(each.name, each);
        }
      }
      byName = names;
    }
  }

  private void grow() {
    @Nullable Entry[] old = slots;
    slots = new Entry[Math.max(4, old.length * 2)];
    for (Entry entry : old) {
      if (entry != null) {
        slots[slotOf(entry.topicId)] = entry;
      }
    }
  }

  /** Moves up the entries that lie behind the gap only because its slot was taken. */
  private void closeGap(int gap) {
    int mask = slots.length - 1;
    for (int slot = gap + 1 & mask; ; slot = slot + 1 & mask) {
      Entry entry = slots[slot];
      if (entry == null) {
        break;
      }
      int distanceFromHome = slot - entry.topicId & mask;
      if (distanceFromHome >= (slot - gap & mask)) {
        slots[gap] = entry;
        gap = slot;
      }
    }
    slots[gap] = null;
  }

  private void setConfirmed(NormalId id, boolean confirmed) {
    Entry entry = find(id.topicId());
    if (entry != null) {
      entry.confirmed = confirmed;
    }
  }

  private @Nullable Entry find(int topicId) {
    return slots[slotOf(topicId)];
  }

  /** The slot of the id, or the free one where it would go. */
  private int slotOf(int topicId) {
    int mask = slots.length - 1;
    int slot = topicId & mask;
    for (Entry entry = slots[slot]; entry != null; entry = slots[slot]) {
      if (entry.topicId == topicId) {
        break;
      }
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private @Nullable Entry find(String name) {
    if (byName != null) {
      return byName.get(name);
    }
    for (Entry entry : slots) {
      if (entry != null && entry.name.equals(name)) {
        return entry;
      }
    }
    return null;
  }

  private static final class Entry {
    final String name;
    final int topicId;
    boolean confirmed;

    Entry(int topicId, String name, boolean confirmed) {
      this.topicId = topicId;
      this.name = name;
      this.confirmed = confirmed;
    }
  }

  /**
   * One topic of a table.
   *
   * @param topicId 1 to 65,534
   * @param confirmed whether the client is known to know the id
   */
  public record Topic(int topicId, String name, boolean confirmed) {
    public Topic {
      if (topicId < 1 || topicId > MAX_TOPIC_ID) {
        throw new IllegalArgumentException("topic id " + topicId + ": expected 1 to 65534");
      }
      if (name.isEmpty()) {
        throw new IllegalArgumentException("topic id " + topicId + ": expected a topic name");
      }
    }
  }

  /**
   * What a table knows.
   *
   * @param lastId the id that was handed out last, 0 if none was
   * @param topics in rising order of their ids; no id and no name twice
   */
  public record Snapshot(int lastId, List<Topic> topics) {

    /** What an empty table knows. */
    public static final Snapshot EMPTY = new Snapshot(0, List.of());

    public Snapshot {
      if (lastId < 0 || lastId > MAX_TOPIC_ID) {
        throw new IllegalArgumentException("last topic id " + lastId + ": expected 0 to 65534");
      }
      topics = List.copyOf(topics);
      Set<String> names = new HashSet<>();
      int previousId = 0;
      for (Topic topic : topics) {
        if (topic.topicId() <= previousId) {
          throw new IllegalArgumentException(
              "topic id " + topic.topicId() + ": expected more than " + previousId);
        }
        if (!names.add(topic.name())) {
          throw new IllegalArgumentException(
              "topic name '" + topic.name() + "': expected it only once");
        }
        previousId = topic.topicId();
      }
    }
  }
}
