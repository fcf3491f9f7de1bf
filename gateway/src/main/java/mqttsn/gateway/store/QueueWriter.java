package mqttsn.gateway.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** What the thread of the queue does with a group of tasks: one commit for all of them. */
final class QueueWriter {

  /** How long a message may stay on the disk after it was to go, unless another is written. */
  private static final long LAZY_MILLIS = 100;

  /** Time between two tries to write while the disk takes nothing. */
  private static final long RETRY_MILLIS = 1_000;

  private final StoreFile file;
  private final Consumer<List<QueueEvent>> tell;
  private final LatencyHistogram commits = new LatencyHistogram();

  /** What has to be written, and was not yet. */
  private final Set<Long> toRelease = new LinkedHashSet<>();

  private final Set<Long> toDequeue = new LinkedHashSet<>();
  private long ceilingToWrite;

  /** The last number of a message, whether it was written or not. */
  private long lastNumberToWrite;

  /** When what is not urgent is to be written, or tried again; counts while there is any. */
  private long dueMillis;

  private volatile boolean failing;
  private volatile long fileBytes;

  /**
   * @param tell takes the events of a commit
   */
  QueueWriter(StoreFile file, Consumer<List<QueueEvent>> tell) {
    this.file = file;
    this.tell = tell;
    measureFile();
  }

  LatencyHistogram commits() {
    return commits;
  }

  long fileBytes() {
    return fileBytes;
  }

  boolean isWritable() {
    return !failing;
  }

  /**
   * Does a group of tasks.
   *
   * @return milliseconds after which to be called without anything new; 0 for something new only
   */
  long work(List<QueueTask> group) {
    List<QueuedMessage> enqueued = new ArrayList<>();
    List<Long> wanted = new ArrayList<>();
    boolean owedNothing = !owes();
    boolean isLast = false;
    for (QueueTask task : group) {
      if (task instanceof QueueTask.Enqueue enqueue) {
        enqueued.add(enqueue.message());
        lastNumberToWrite = enqueue.message().number();
      } else if (task instanceof QueueTask.Refuse refuse) {
        lastNumberToWrite = refuse.number();
      } else if (task instanceof QueueTask.Release release) {
        toRelease.add(release.number());
      } else if (task instanceof QueueTask.Dequeue dequeue) {
        toDequeue.add(dequeue.number());
      } else if (task instanceof QueueTask.Fetch fetch) {
        wanted.addAll(fetch.numbers());
      } else if (task instanceof QueueTask.Ceiling ceiling) {
        ceilingToWrite = ceiling.ceiling();
      } else if (task instanceof QueueTask.End) {
        isLast = true;
      }
    }
    // What is read need not wait for what is written.
    tell(fetched(wanted));

    long nowMillis = nowMillis();
    if (owedNothing && !failing) {
      dueMillis = nowMillis + LAZY_MILLIS;
    }
    boolean isDue = nowMillis - dueMillis >= 0;
    boolean isUrgent = !enqueued.isEmpty() || !toRelease.isEmpty();
    boolean stored = false;
    if (isLast || isDue || (isUrgent && !failing)) {
      stored = commit(enqueued);
      if (!stored && !enqueued.isEmpty()) {
        // What makes room is tried without what needs room.
        boolean unused = commit(List.of());
      }
    }
    tell(answers(group, stored));
    return owes() ? Math.max(1, dueMillis - nowMillis()) : 0;
  }

  private static List<QueueEvent> answers(List<QueueTask> group, boolean stored) {
    List<QueueEvent> answers = new ArrayList<>(group.size());
    for (QueueTask task : group) {
      if (task instanceof QueueTask.Enqueue enqueue) {
        long number = enqueue.message().number();
        answers.add(stored ? new QueueEvent.Stored(number) : new QueueEvent.NotStored(number));
      } else if (task instanceof QueueTask.Refuse refuse) {
        answers.add(new QueueEvent.NotStored(refuse.number()));
      } else if (task instanceof QueueTask.Release release) {
        answers.add(new QueueEvent.Released(release.number()));
      }
    }
    return answers;
  }

  private void tell(List<QueueEvent> events) {
    if (!events.isEmpty()) {
      tell.accept(events);
    }
  }

  private boolean owes() {
    return !toRelease.isEmpty()
        || !toDequeue.isEmpty()
        || ceilingToWrite != 0
        || lastNumberToWrite != 0;
  }

  private List<QueueEvent> fetched(List<Long> numbers) {
    List<QueueEvent> found = new ArrayList<>(numbers.size());
    if (numbers.isEmpty()) {
      return found;
    }
    try {
      while (!file.read(maps -> fetch(numbers, maps, found))) {
        found.clear();
      }
    } catch (MVStoreException e) {
      Logger.warn("messages of the queue cannot be read: {}", e.getMessage());
      found.clear();
      numbers.forEach(number -> found.add(new QueueEvent.Missing(number)));
    }
    return found;
  }

  private static void fetch(List<Long> numbers, StoreFile maps, List<QueueEvent> found) {
    MVMap<Long, byte[]> messages = maps.numbered(QueueStore.MESSAGES);
    for (Long number : numbers) {
      byte[] sealed = messages.get(number);
      QueuedMessage message = sealed == null ? null : QueueBytes.readMessage(number, sealed);
      found.add(message == null ? new QueueEvent.Missing(number) : new QueueEvent.Fetched(message));
    }
  }

  /** Writes messages, and everything that is owed, if there is anything to write at all. */
  private boolean commit(List<QueuedMessage> enqueued) {
    if (enqueued.isEmpty() && !owes()) {
      return true;
    }
    if (!enqueued.isEmpty() && !file.hasRoom()) {
      failed("the disk is full");
      return false;
    }
    long begun = System.nanoTime();
    try {
      file.write(maps -> apply(enqueued, maps));
      if (failing && enqueued.isEmpty()) {
        giveSpaceBack();
      }
    } catch (MVStoreException e) {
      failed(e.getMessage());
      return false;
    }
    commits.record(System.nanoTime() - begun);
    toRelease.clear();
    toDequeue.clear();
    ceilingToWrite = 0;
    lastNumberToWrite = 0;
    measureFile();
    if (failing && (!enqueued.isEmpty() || file.hasRoom())) {
      failing = false;
      Logger.info("the queue is written to the disk again");
    }
    return true;
  }

  /** A queue that filled the disk and is empty now gives its space back. */
  private void giveSpaceBack() {
    if (file.hasRoom() || !file.numbered(QueueStore.SUMMARIES).isEmpty()) {
      return;
    }
    Map<KeptNumber, Long> kept = new EnumMap<>(KeptNumber.class);
    for (KeptNumber number : KeptNumber.values()) {
      kept.put(number, number.read(file));
    }
    file.beginAnew();
    file.write(maps -> kept.forEach((number, value) -> number.write(maps, value)));
  }

  private void failed(@Nullable String why) {
    dueMillis = nowMillis() + RETRY_MILLIS;
    if (!failing) {
      failing = true;
      Logger.error("the queue is not written to the disk: {}", why);
    }
  }

  private void apply(List<QueuedMessage> enqueued, StoreFile maps) {
    MVMap<Long, byte[]> summaries = maps.numbered(QueueStore.SUMMARIES);
    MVMap<Long, byte[]> messages = maps.numbered(QueueStore.MESSAGES);
    long now = System.currentTimeMillis();
    for (QueuedMessage message : enqueued) {
      summaries.put(message.number(), QueueBytes.summary(message, now));
      messages.put(message.number(), QueueBytes.message(message));
    }
    for (Long number : toRelease) {
      byte[] summary = summaries.get(number);
      byte[] released = summary == null ? null : QueueBytes.released(number, summary);
      if (released != null) {
        summaries.put(number, released);
      }
    }
    for (Long number : toDequeue) {
      summaries.remove(number);
      messages.remove(number);
    }
    if (ceilingToWrite != 0) {
      KeptNumber.SEQUENCE_CEILING.write(maps, ceilingToWrite);
    }
    if (lastNumberToWrite != 0) {
      KeptNumber.LAST_MESSAGE.write(maps, lastNumberToWrite);
    }
  }

  private void measureFile() {
    try {
      fileBytes = file.bytes();
    } catch (IOException e) {
      Logger.debug("size of the queue: {}", e.getMessage());
    }
  }

  private static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }
}
