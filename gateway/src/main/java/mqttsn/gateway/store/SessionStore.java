package mqttsn.gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import mqttsn.gateway.session.SessionRecord;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.tinylog.Logger;

/**
 * Sessions in a file, over the end of the process.
 *
 * <p>Writes are done by a thread of its own, many in one commit; {@link #afterSync} tells when
 * everything that was given before is on the disk. A file that cannot be read is set aside with one
 * line in the log, and an empty one begun. When the disk does not take a write, that is logged, and
 * those who wait are told all the same: the relay goes on without its safety net.
 */
public final class SessionStore implements AutoCloseable {

  private static final String MAP = "sessions";

  private final MVStore store;
  private final MVMap<String, byte[]> sessions;
  private final Executor loop;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Who waits for the next sync; of the writer alone. */
  private final List<Runnable> waiters = new ArrayList<>();

  private final Thread writer = new Thread(this::write, "session-store");

  /** Whether the last commit failed; of the writer alone. */
  private boolean failing;

  private volatile boolean closing;

  private SessionStore(MVStore store, Executor loop) {
    this.store = store;
    this.sessions = store.openMap(MAP);
    this.loop = loop;
    writer.setDaemon(true);
  }

  /**
   * Opens the file, or begins a new one.
   *
   * @param loop where those who wait for a sync are called
   * @throws IOException if the file can neither be used nor set aside
   */
  public static SessionStore open(Path file, Executor loop) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("sessions.file " + file + ": its folder does not exist");
    }
    if (Files.isDirectory(file)) {
      throw new IOException("sessions.file " + file + " is a folder, expected a file");
    }
    MVStore store;
    try {
      store = openFile(file);
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw new IOException("sessions.file " + file + " is in use by another process", e);
      }
      setAside(file, e);
      try {
        store = openFile(file);
      } catch (MVStoreException again) {
        throw new IOException(file + ": " + again.getMessage(), again);
      }
    }
    store.setRetentionTime(0);
    SessionStore opened = new SessionStore(store, loop);
    opened.writer.start();
    return opened;
  }

  private static MVStore openFile(Path file) {
    return new MVStore.Builder()
        .fileName(file.toAbsolutePath().toString())
        .autoCommitDisabled()
        .cacheSize(1)
        .open();
  }

  private static void setAside(Path file, MVStoreException why) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    Logger.error(
        "sessions in {} cannot be read and were set aside as {}: {}",
        file,
        aside,
        why.getMessage());
  }

  /**
   * A session of an earlier process, and how long ago it was written, 0 if the clock was set back.
   */
  public record Saved(SessionRecord session, long ageMillis) {}

  /** The sessions of an earlier process; what cannot be read is erased and logged. */
  public List<Saved> load() {
    long now = System.currentTimeMillis();
    List<Saved> loaded = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : sessions.entrySet()) {
      try {
        SessionBytes.Saved saved = SessionBytes.read(entry.getValue());
        loaded.add(new Saved(saved.session(), Math.max(0, now - saved.savedAtMillis())));
      } catch (IOException e) {
        Logger.warn("the session of {} cannot be read: {}", entry.getKey(), e.getMessage());
        erase(entry.getKey());
      }
    }
    return loaded;
  }

  /** Writes a session down, with one of the next commits. */
  public void save(SessionRecord session) {
    byte[] bytes = SessionBytes.write(session, System.currentTimeMillis());
    tasks.add(() -> sessions.put(session.clientId(), bytes));
  }

  public void erase(String clientId) {
    tasks.add(() -> sessions.remove(clientId));
  }

  /** Calls back in the loop when everything that was given before is on the disk. */
  public void afterSync(Runnable then) {
    tasks.add(() -> waiters.add(then));
  }

  /** Writes what is left, and ends. */
  @Override
  public void close() {
    closing = true;
    tasks.add(() -> {});
    try {
      writer.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }

  private void write() {
    List<Runnable> batch = new ArrayList<>();
    while (!closing || !tasks.isEmpty()) {
      try {
        batch.add(tasks.take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      tasks.drainTo(batch);
      commit(batch);
      batch.clear();
      waiters.forEach(loop::execute);
      waiters.clear();
    }
  }

  private void commit(List<Runnable> batch) {
    try {
      batch.forEach(Runnable::run);
      store.commit();
      store.sync();
      if (failing) {
        failing = false;
        Logger.info("sessions are written to the disk again");
      }
    } catch (MVStoreException e) {
      if (!failing) {
        failing = true;
        Logger.error("sessions are not written to the disk: {}", e.getMessage());
      }
    }
  }
}
