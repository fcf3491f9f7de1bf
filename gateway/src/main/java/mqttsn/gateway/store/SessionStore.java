package mqttsn.gateway.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import mqttsn.gateway.session.SessionRecord;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Sessions in a file, over the end of the process.
 *
 * <p>Writes are done by a thread of its own, many in one commit; {@link #afterSync} tells when
 * everything that was given before is on the disk. When the disk does not take a write, that is
 * logged, and those who wait are told all the same: the relay goes on without its safety net. What
 * was not written is tried again until there is room.
 */
public final class SessionStore implements AutoCloseable {

  private static final String KEY = "sessions.file";

  /** What releases wrote before files had a format, without checksums. */
  private static final String MAP_OF_FORMAT_0 = "sessions";

  static final String SESSIONS = "sealed-sessions";

  /** To be raised with the version of {@link SessionBytes}. */
  static final Layout LAYOUT = new Layout(KEY, 1, List.of(SESSIONS, KeptNumber.MAP), List.of());

  /** Time between two tries to write while the disk takes nothing. */
  private static final long RETRY_MILLIS = 1_000;

  private static final long CLOSE_MILLIS = 2_000;

  /** What the writer is told, in order. */
  private sealed interface Task {

    /** No session if it is to be erased. */
    record Change(String clientId, @Nullable SessionRecord session, long atMillis)
        implements Task {}

    record Ceiling(long ceiling) implements Task {}

    record AfterSync(Runnable then) implements Task {}

    /** No more comes. */
    record End() implements Task {}
  }

  private final StoreFile file;
  private final Executor loop;
  private final GroupThread<Task> writer;

  /** What is to be written, and was not yet, by ClientId; of the writer alone. */
  private final Map<String, Task.Change> unwritten = new LinkedHashMap<>();

  /** 0 when it is written; of the writer alone. */
  private long unwrittenCeiling;

  /** The earliest time of the next try while the disk takes nothing; of the writer alone. */
  private long retryAtMillis;

  private boolean failing;

  private SessionStore(StoreFile file, Executor loop) {
    this.file = file;
    this.loop = loop;
    this.writer = new GroupThread<>("session-store", new Task.End(), this::work);
  }

  /**
   * Opens the file, or begins a new one.
   *
   * @param loop where those who wait for a sync are called
   * @throws IOException if the file can neither be used nor set aside
   */
  public static SessionStore open(Path file, Executor loop) throws IOException {
    StoreFile opened = StoreFile.open(file, LAYOUT);
    if (opened.foundFormat() == 0) {
      takeOverFormat0(opened, file);
    }
    SessionStore store = new SessionStore(opened, loop);
    store.writer.start();
    return store;
  }

  /**
   * Tries what can be told without opening it.
   *
   * @throws IOException with one line about what is wrong
   */
  public static void check(Path file) throws IOException {
    StoreFile.check(file, KEY);
  }

  private static void takeOverFormat0(StoreFile file, Path path) throws IOException {
    try {
      file.write(
          maps -> {
            MVMap<String, byte[]> sessions = maps.named(SESSIONS);
            maps.ofFormat0(MAP_OF_FORMAT_0)
                .forEach(
                    (clientId, octets) -> sessions.put(clientId, Checked.seal(clientId, octets)));
            maps.remove(MAP_OF_FORMAT_0);
          });
    } catch (MVStoreException e) {
      throw new IOException(KEY + " " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * A session of an earlier process, and how long ago it was written, 0 if the clock was set back.
   */
  public record Saved(SessionRecord session, long ageMillis) {}

  /**
   * The sessions of an earlier process, by ClientId; what cannot be read is erased. To be read
   * before anything else.
   */
  public Iterable<Saved> saved() {
    long now = System.currentTimeMillis();
    return () -> new SavedSessions(now);
  }

  private final class SavedSessions implements Iterator<Saved> {

    private final Entries<String> entries =
        new Entries<>(file, maps -> maps.named(SESSIONS), "sessions");
    private final long nowMillis;
    private @Nullable Saved next;
    private final List<String> unreadable = new ArrayList<>();

    SavedSessions(long nowMillis) {
      this.nowMillis = nowMillis;
    }

    @Override
    public boolean hasNext() {
      while (next == null && entries.hasNext()) {
        next = read(entries.next());
      }
      if (next == null && !unreadable.isEmpty()) {
        Logger.warn(
            "{} sessions cannot be read, among them {}", unreadable.size(), unreadable.get(0));
        unreadable.clear();
      }
      return next != null;
    }

    /** To be called after {@link #hasNext}. */
    @Override
    public Saved next() {
      Saved saved = Objects.requireNonNull(next);
      next = null;
      return saved;
    }

    private @Nullable Saved read(Map.Entry<String, byte[]> entry) {
      try {
        byte[] octets = Checked.open(entry.getKey(), entry.getValue());
        if (octets == null) {
          throw new IOException("wrong checksum");
        }
        SessionBytes.Saved saved = SessionBytes.read(octets);
        return new Saved(saved.session(), Math.max(0, nowMillis - saved.savedAtMillis()));
      } catch (IOException e) {
        Logger.debug("session of {}: {}", entry.getKey(), e.getMessage());
        unreadable.add(entry.getKey());
        erase(entry.getKey());
        return null;
      }
    }
  }

  /** A number that is above all sequence numbers in use; 0 if none was written. */
  public long sequenceCeiling() {
    return KeptNumber.SEQUENCE_CEILING.read(file);
  }

  /** Writes the ceiling of sequence numbers down, with one of the next commits. */
  public void sequenceCeiling(long ceiling) {
    writer.give(new Task.Ceiling(ceiling));
  }

  /** Writes a session down, with one of the next commits. */
  public void save(SessionRecord session) {
    writer.give(new Task.Change(session.clientId(), session, System.currentTimeMillis()));
  }

  public void erase(String clientId) {
    writer.give(new Task.Change(clientId, null, 0));
  }

  /** Calls back in the loop when everything that was given before is on the disk. */
  public void afterSync(Runnable then) {
    writer.give(new Task.AfterSync(then));
  }

  /** Writes what is left, and ends. */
  @Override
  public void close() {
    writer.close(CLOSE_MILLIS);
    file.close();
  }

  // --- in the writer's thread

  private long work(List<Task> group) {
    for (Task task : group) {
      if (task instanceof Task.Change change) {
        unwritten.put(change.clientId(), change);
      } else if (task instanceof Task.Ceiling ceiling) {
        unwrittenCeiling = ceiling.ceiling();
      }
    }
    write();
    for (Task task : group) {
      if (task instanceof Task.AfterSync waiter) {
        loop.execute(waiter.then());
      }
    }
    return owes() ? RETRY_MILLIS : 0;
  }

  private boolean owes() {
    return !unwritten.isEmpty() || unwrittenCeiling != 0;
  }

  private void write() {
    long now = System.nanoTime() / 1_000_000;
    if (!owes() || (failing && now - retryAtMillis < 0)) {
      return;
    }
    try {
      file.write(this::apply);
      unwritten.clear();
      unwrittenCeiling = 0;
      if (failing) {
        failing = false;
        Logger.info("sessions are written to the disk again");
      }
    } catch (MVStoreException e) {
      retryAtMillis = now + RETRY_MILLIS;
      if (!failing) {
        failing = true;
        Logger.error("sessions are not written to the disk: {}", e.getMessage());
      }
    }
  }

  private void apply(StoreFile maps) {
    MVMap<String, byte[]> sessions = maps.named(SESSIONS);
    unwritten.forEach(
        (clientId, change) -> {
          SessionRecord session = change.session();
          if (session == null) {
            sessions.remove(clientId);
          } else {
            byte[] octets = SessionBytes.write(session, change.atMillis());
            sessions.put(clientId, Checked.seal(clientId, octets));
          }
        });
    if (unwrittenCeiling != 0) {
      KeptNumber.SEQUENCE_CEILING.write(maps, unwrittenCeiling);
    }
  }
}
