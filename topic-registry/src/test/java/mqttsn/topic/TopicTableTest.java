package mqttsn.topic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import mqttsn.codec.NormalId;
import mqttsn.topic.TopicTable.Snapshot;
import mqttsn.topic.TopicTable.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ids of one client, over time: proves 5.3-6 6.5-5 7.3-2. */
class TopicTableTest {

  @Test
  void returnsTheSameIdForTheSameName() {
    TopicTable table = new TopicTable(10);
    assertThat(table.register("a")).isEqualTo(new NormalId(1));
    assertThat(table.register("b")).isEqualTo(new NormalId(2));
    assertThat(table.register("a")).isEqualTo(new NormalId(1));
    assertThat(table.idOf("b")).isEqualTo(new NormalId(2));
    assertThat(table.nameOf(new NormalId(2))).isEqualTo("b");
    assertThat(table.idOf("c")).isNull();
    assertThat(table.nameOf(new NormalId(3))).isNull();
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void refusesWhenFullAndForgetsNothing() {
    TopicTable table = new TopicTable(2);
    table.register("a");
    assertThat(table.isFull()).isFalse();
    table.register("b");
    assertThat(table.isFull()).isTrue();
    assertThat(table.register("c")).isNull();
    assertThat(table.register("a")).isEqualTo(new NormalId(1));
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void handsOutAllIdsButTheReservedOnes() {
    TopicTable table = new TopicTable(65_534);
    for (int id = 1; id <= 65_534; id++) {
      assertThat(table.register("topic/" + id)).isEqualTo(new NormalId(id));
    }
    assertThat(table.register("one more")).isNull();
    assertThat(table.nameOf(new NormalId(0))).isNull();
    assertThat(table.nameOf(new NormalId(65_535))).isNull();
    assertThat(table.nameOf(new NormalId(40_000))).isEqualTo("topic/40000");
    assertThat(table.idOf("topic/40000")).isEqualTo(new NormalId(40_000));
  }

  @Test
  void usesNoIdForASecondNameBeforeAllHadTheirTurn() {
    TopicTable table = new TopicTable(5);
    NormalId kept = register(table, "kept");
    for (int id = 2; id <= 65_534; id++) {
      NormalId next = register(table, "topic/" + id);
      assertThat(next).isEqualTo(new NormalId(id));
      table.forget(next);
      assertThat(table.nameOf(next)).isNull();
    }
    assertThat(table.register("after the last id")).isEqualTo(new NormalId(2));
    assertThat(table.nameOf(kept)).isEqualTo("kept");
  }

  @Test
  void goesOnWithTheIdsAfterClear() {
    TopicTable table = new TopicTable(5);
    table.register("a");
    table.register("b");
    table.clear();
    assertThat(table.size()).isZero();
    assertThat(table.idOf("a")).isNull();
    assertThat(table.register("b")).isEqualTo(new NormalId(3));
  }

  @Test
  void knowsWhatTheClientKnows() {
    TopicTable table = new TopicTable(5);
    NormalId a = register(table, "a");
    NormalId b = register(table, "b");
    assertThat(table.isConfirmed(a)).isFalse();
    table.confirm(a);
    table.confirm(b);
    assertThat(table.isConfirmed(a)).isTrue();
    table.register("a");
    assertThat(table.isConfirmed(a)).isTrue();
    table.unconfirm(a);
    assertThat(table.isConfirmed(a)).isFalse();
    assertThat(table.isConfirmed(b)).isTrue();
    table.unconfirmAll();
    assertThat(table.isConfirmed(b)).isFalse();
    assertThat(table.idOf("b")).isEqualTo(b);
  }

  @Test
  void ignoresWhatIsSaidOfUnknownIds() {
    TopicTable table = new TopicTable(5);
    NormalId unknown = new NormalId(7);
    table.confirm(unknown);
    table.unconfirm(unknown);
    table.forget(unknown);
    assertThat(table.isConfirmed(unknown)).isFalse();
    assertThat(table.snapshot()).isEqualTo(Snapshot.EMPTY);
  }

  @Test
  void isWrittenDownAndReadBack() {
    TopicTable table = new TopicTable(30);
    for (int i = 1; i <= 20; i++) {
      table.register("topic/" + i);
    }
    table.confirm(new NormalId(3));
    table.forget(new NormalId(4));
    table.forget(new NormalId(20));
    Snapshot snapshot = table.snapshot();
    TopicTable restored = TopicTable.restore(snapshot, 30);
    assertThat(restored.snapshot()).isEqualTo(snapshot);
    assertThat(restored.isConfirmed(new NormalId(3))).isTrue();
    assertThat(restored.idOf("topic/5")).isEqualTo(new NormalId(5));
    assertThat(restored.register("new")).isEqualTo(new NormalId(21));
  }

  @Test
  void keepsEverythingWhenReadBackWithASmallerLimit() {
    TopicTable table = new TopicTable(3);
    table.register("a");
    table.register("b");
    TopicTable restored = TopicTable.restore(table.snapshot(), 1);
    assertThat(restored.nameOf(new NormalId(2))).isEqualTo("b");
    assertThat(restored.register("a")).isEqualTo(new NormalId(1));
    assertThat(restored.register("c")).isNull();
  }

  @Test
  void refusesValuesThatNoTableCanHave() {
    assertThatThrownBy(() -> new TopicTable(0)).hasMessage("maxTopics 0: expected 1 to 65534");
    assertThatThrownBy(() -> new TopicTable(65_535)).hasMessageStartingWith("maxTopics 65535");
    assertThatThrownBy(() -> new Topic(0, "a", true)).hasMessageStartingWith("topic id 0");
    assertThatThrownBy(() -> new Topic(65_535, "a", true)).hasMessageStartingWith("topic id 65535");
    assertThatThrownBy(() -> new Topic(1, "", true)).hasMessageEndingWith("expected a topic name");
    assertThatThrownBy(() -> new Snapshot(65_535, List.of())).hasMessageStartingWith("last topic");
    Topic a1 = new Topic(1, "a", true);
    assertThatThrownBy(() -> new Snapshot(2, List.of(a1, new Topic(1, "b", true))))
        .hasMessage("topic id 1: expected more than 1");
    assertThatThrownBy(() -> new Snapshot(2, List.of(a1, new Topic(2, "a", true))))
        .hasMessage("topic name 'a': expected it only once");
  }

  @Test
  void behavesAsASimpleModelDoes() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      int maxTopics = 1 + random.nextInt(seed % 2 == 0 ? 6 : 60);
      compareWithModel(random, maxTopics, "seed " + seed);
    }
  }

  private static void compareWithModel(Random random, int maxTopics, String seed) {
    // Beginning near the end of the ids, so that each run passes it.
    Snapshot start = new Snapshot(65_534 - random.nextInt(100), List.of());
    TopicTable table = TopicTable.restore(start, maxTopics);
    Model model = new Model(start.lastId(), maxTopics);
    for (int step = 0; step < 3_000; step++) {
      String name = "n" + random.nextInt(80);
      NormalId id = model.someId(random);
      switch (random.nextInt(random.nextInt(50) == 0 ? 9 : 6)) {
        case 0, 1, 2 ->
            assertThat(table.register(name)).as(seed).isEqualTo(normalId(model.register(name)));
        case 3 -> {
          table.forget(id);
          model.forget(id.topicId());
        }
        case 4 -> {
          table.confirm(id);
          model.setConfirmed(id.topicId(), true);
        }
        case 5 -> {
          table.unconfirm(id);
          model.setConfirmed(id.topicId(), false);
        }
        case 6 -> {
          table.unconfirmAll();
          model.topics.replaceAll((i, topic) -> new Topic(i, topic.name(), false));
        }
        case 7 -> {
          table.clear();
          model.topics.clear();
        }
        default -> table = TopicTable.restore(table.snapshot(), maxTopics);
      }
      assertThat(table.idOf(name)).as(seed).isEqualTo(normalId(model.idOf(name)));
      assertThat(table.nameOf(id)).as(seed).isEqualTo(model.nameOf(id.topicId()));
      assertThat(table.size()).as(seed).isEqualTo(model.topics.size());
      assertThat(table.snapshot()).as(seed).isEqualTo(model.snapshot());
    }
  }

  @Test
  void costsLittleForTheFewTopicsOfMostClients() {
    allocatedBytes(5); // the first run loads classes
    assertThat(allocatedBytes(0)).isLessThanOrEqualTo(40);
    assertThat(allocatedBytes(1)).isLessThanOrEqualTo(120);
    assertThat(allocatedBytes(5)).isLessThanOrEqualTo(400);
  }

  /** What a table of so many topics allocates, garbage of its growth and its results included. */
  private static long allocatedBytes(int topics) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<TopicTable> tables = new ArrayList<>(1_000);
    String[] names = new String[topics];
    for (int i = 0; i < topics; i++) {
      names[i] = "sensors/" + i;
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      TopicTable table = new TopicTable(1_000);
      for (String name : names) {
        table.register(name);
      }
      tables.add(table);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / tables.size();
  }

  private static NormalId register(TopicTable table, String name) {
    return requireNonNull(table.register(name));
  }

  private static @Nullable NormalId normalId(int topicId) {
    return topicId == 0 ? null : new NormalId(topicId);
  }

  /** The table as simply as it can be said; 0 is no id. */
  private static final class Model {
    final Map<Integer, Topic> topics = new TreeMap<>();
    final int maxTopics;
    int lastId;

    Model(int lastId, int maxTopics) {
      this.lastId = lastId;
      this.maxTopics = maxTopics;
    }

    int register(String name) {
      int known = idOf(name);
      if (known != 0 || topics.size() >= maxTopics) {
        return known;
      }
      do {
        lastId = lastId % 65_534 + 1;
      } while (topics.containsKey(lastId));
      topics.put(lastId, new Topic(lastId, name, false));
      return lastId;
    }

    int idOf(String name) {
      return topics.values().stream()
          .filter(topic -> topic.name().equals(name))
          .mapToInt(Topic::topicId)
          .findFirst()
          .orElse(0);
    }

    @Nullable String nameOf(int topicId) {
      Topic topic = topics.get(topicId);
      return topic == null ? null : topic.name();
    }

    void forget(int topicId) {
      topics.remove(topicId);
    }

    void setConfirmed(int topicId, boolean confirmed) {
      topics.computeIfPresent(topicId, (i, topic) -> new Topic(i, topic.name(), confirmed));
    }

    /** Mostly one that is in use, else any. */
    NormalId someId(Random random) {
      if (topics.isEmpty() || random.nextInt(5) == 0) {
        return new NormalId(random.nextInt(65_536));
      }
      return new NormalId(List.copyOf(topics.keySet()).get(random.nextInt(topics.size())));
    }

    Snapshot snapshot() {
      return new Snapshot(lastId, List.copyOf(topics.values()));
    }
  }
}
