package mqttsn.gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The disk side of the durable queue: messages in a file, in order of their numbers.
 *
 * <p>A thread of its own writes: everything that came while the last commit was under way is in the
 * next one, has one sync, and is told in one call. A message that the disk does not take is {@link
 * QueueEvent.NotStored}; that others are to go is tried again until it is written.
 */
public final class QueueStore implements AutoCloseable {

  static final String KEY = "queue.directory";
  static final String FILE = "messages";

  /** What a start reads of each message. */
  static final String SUMMARIES = "summaries";

  static final String MESSAGES = "messages";

  static final Layout LAYOUT =
      new Layout(KEY, 1, List.of(KeptNumber.MAP), List.of(SUMMARIES, MESSAGES));

  /**
   * What may wait for the disk, in octets; beyond it messages are refused, so that a disk that
   * hangs does not fill the memory.
   */
  private static final long MAX_WAITING_BYTES = 8 << 20;

  private static final long CLOSE_MILLIS = 2_000;

  private final StoreFile file;
  private final QueueWriter work;
  private final GroupThread<QueueTask> writer;
  private final AtomicLong waitingBytes = new AtomicLong();

  private QueueStore(StoreFile file, Executor loop, Consumer<List<QueueEvent>> tell) {
    this.file = file;
    this.work = new QueueWriter(file, events -> loop.execute(() -> tell.accept(events)));
    this.writer = new GroupThread<>("queue-store", QueueTask.END, this::work);
  }

  /**
   * Opens the queue in a directory, which is made if its parent exists.
   *
   * @param loop where events are told
   * @param tell takes the events of a commit
   * @throws IOException if the file can neither be used nor set aside
   */
  public static QueueStore open(Path directory, Executor loop, Consumer<List<QueueEvent>> tell)
      throws IOException {
    check(directory);
    if (!Files.isDirectory(directory)) {
      Path unused = Files.createDirectory(directory);
    }
    QueueStore store = new QueueStore(StoreFile.open(directory.resolve(FILE), LAYOUT), loop, tell);
    store.writer.start();
    return store;
  }

  /**
   * Tries what can be told without opening it.
   *
   * @throws IOException with one line about what is wrong
   */
  public static void check(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (Files.isDirectory(directory)) {
      StoreFile.check(directory.resolve(FILE), KEY);
    } else if (Files.exists(directory)) {
      throw new IOException(KEY + " " + directory + " is a file, expected a folder");
    } else if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException(KEY + " " + directory + ": the folder above it does not exist");
    } else if (!Files.isWritable(parent)) {
      throw new IOException(KEY + " " + directory + " cannot be made: no right to write there");
    }
  }

  /**
   * The messages of an earlier process, in order of their numbers. To be read before anything else.
   */
  public Iterable<QueuedMessage.Summary> summaries() {
    long now = System.currentTimeMillis();
    return () -> new Summaries(now);
  }

  /** The highest number that a message had, as far as it was written; 0 if none was. */
  public long lastNumber() {
    return KeptNumber.LAST_MESSAGE.read(file);
  }

  /** A number that is above all sequence numbers in use; 0 if none was written. */
  public long sequenceCeiling() {
    return KeptNumber.SEQUENCE_CEILING.read(file);
  }

  /** Writes the ceiling of sequence numbers down, with one of the next commits. */
  public void sequenceCeiling(long ceiling) {
    writer.give(new QueueTask.Ceiling(ceiling));
  }

  public void enqueue(QueuedMessage message) {
    if (waitingBytes.addAndGet(message.bytes()) > MAX_WAITING_BYTES) {
      waitingBytes.addAndGet(-message.bytes());
      writer.give(new QueueTask.Refuse(message.number()));
    } else {
      writer.give(new QueueTask.Enqueue(message));
    }
  }

  public void release(long number) {
    writer.give(new QueueTask.Release(number));
  }

  public void dequeue(long number) {
    writer.give(new QueueTask.Dequeue(number));
  }

  public void fetch(List<Long> numbers) {
    writer.give(new QueueTask.Fetch(numbers));
  }

  /** How long commits took, with their sync; to be read from any thread. */
  public LatencyHistogram commits() {
    return work.commits();
  }

  /** Octets of the file; to be read from any thread. */
  public long fileBytes() {
    return work.fileBytes();
  }

  /** Whether the disk takes messages; to be read from any thread. */
  public boolean isWritable() {
    return work.isWritable();
  }

  /** Writes what is left, and ends. */
  @Override
  public void close() {
    writer.close(CLOSE_MILLIS);
    file.close();
  }

  private long work(List<QueueTask> group) {
    long waitMillis = work.work(group);
    for (QueueTask task : group) {
      if (task instanceof QueueTask.Enqueue enqueue) {
        waitingBytes.addAndGet(-enqueue.message().bytes());
      }
    }
    return waitMillis;
  }

  private final class Summaries implements Iterator<QueuedMessage.Summary> {

    private final Entries<Long> entries =
        new Entries<>(file, maps -> maps.numbered(SUMMARIES), "the queue");
    private final long nowMillis;
    private final Map<String, String> clientIds = new HashMap<>();
    private QueuedMessage.@Nullable Summary next;
    private int damaged;

    Summaries(long nowMillis) {
      this.nowMillis = nowMillis;
    }

    @Override
    public boolean hasNext() {
      while (next == null && entries.hasNext()) {
        Map.Entry<Long, byte[]> entry = entries.next();
        next = QueueBytes.readSummary(entry.getKey(), entry.getValue(), nowMillis, clientIds);
        if (next == null) {
          damaged++;
          dequeue(entry.getKey());
        }
      }
      if (next == null && damaged > 0) {
        Logger.warn("{} messages of the queue cannot be read", damaged);
        damaged = 0;
      }
      return next != null;
    }

    /** To be called after {@link #hasNext}. */
    @Override
    public QueuedMessage.Summary next() {
      QueuedMessage.Summary summary = Objects.requireNonNull(next);
      next = null;
      return summary;
    }
  }
}
