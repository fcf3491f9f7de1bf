package mqttsn.gateway.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.tinylog.Logger;

/**
 * A file of sorted maps from numbers or texts to octets, written in whole commits.
 *
 * <p>A commit is on the disk, or nothing of it is. After a write that failed the file is opened
 * again by the next one. A file that is damaged is set aside with one line in the log, and what can
 * still be read of it goes into a new one. Maps are for the thread that reads or writes, and only
 * while it does.
 */
final class StoreFile implements AutoCloseable {

  /** Two copies of the header; more is data. */
  private static final long EMPTY_BYTES = 8_192;

  /** Below this size nothing is gained by compaction, ... */
  private static final long COMPACT_ABOVE_BYTES = 16 << 20;

  /** ... nor while so many percent of what was written is still needed; ... */
  private static final int COMPACT_BELOW_PERCENT = 50;

  /** ... so many octets at a time, ... */
  private static final int COMPACTED_BYTES = 2 << 20;

  /** ... in one of so many commits, ... */
  private static final int COMPACT_INTERVAL = 64;

  /** ... which leaves the space of so many commits before it alone. */
  private static final int COMPACTION_KEEPS = 2;

  /** What is left free of the disk for taking entries out. */
  private static final long RESERVED_BYTES = 256 << 10;

  private static final int HALF_EMPTY_PERCENT = 50;

  private final Path file;
  private final Layout layout;
  private MVStore store;
  private final int foundFormat;
  private int commits;

  private StoreFile(Path file, Layout layout) throws IOException {
    this.file = file;
    this.layout = layout;
    this.store = openOrBegin();
    this.foundFormat = isEmpty(store) ? layout.format() : store.getStoreVersion();
  }

  /**
   * Opens a file, or begins a new one.
   *
   * @throws IOException with one line, if the file can neither be used nor set aside
   */
  static StoreFile open(Path file, Layout layout) throws IOException {
    check(file, layout.key());
    return new StoreFile(file, layout);
  }

  /**
   * Tries what can be told without opening it.
   *
   * @throws IOException with one line about what is wrong
   */
  static void check(Path file, String key) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(key + " " + file + ": its folder does not exist");
    }
    if (Files.isDirectory(file)) {
      throw new IOException(key + " " + file + " is a folder, expected a file");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new IOException(key + " " + file + " may not be written");
    }
  }

  /** The format that the file had when it was opened; 0 if it was written before formats were. */
  int foundFormat() {
    return foundFormat;
  }

  /** A map of the layout; good until the next {@link #write}. */
  MVMap<Long, byte[]> numbered(String name) {
    return layout.numbered(opened(), name);
  }

  /** A map of the layout; good until the next {@link #write}. */
  MVMap<String, byte[]> named(String name) {
    return layout.named(opened(), name);
  }

  /** A map as releases wrote it whose files have format 0. */
  MVMap<String, byte[]> ofFormat0(String name) {
    return opened().openMap(name);
  }

  /** To be called while writing. */
  void remove(String name) {
    opened().removeMap(name);
  }

  /**
   * Whether there is room for more than for taking something out, which is a write too: on the
   * disk, or in a file that is half empty. Less than that may be in pieces that are too small.
   */
  synchronized boolean hasRoom() {
    try {
      return file.toFile().getUsableSpace() > RESERVED_BYTES
          || opened().getFileStore().getFillRate() < HALF_EMPTY_PERCENT;
    } catch (RuntimeException e) {
      Logger.debug("room in {}: {}", file, e.getMessage());
      return true;
    }
  }

  /**
   * Begins a new file in the place of this one: the space of what was taken out becomes free.
   *
   * @throws MVStoreException if the disk does not take it
   */
  synchronized void beginAnew() {
    store.closeImmediately();
    try {
      Files.deleteIfExists(file);
      store = openOrBegin();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Octets that the file has on the disk. */
  long bytes() throws IOException {
    return Files.size(file);
  }

  /**
   * Changes maps, and returns when that is on the disk.
   *
   * @throws MVStoreException if it is not; then it is as if nothing had been changed
   */
  synchronized void write(Consumer<StoreFile> changes) {
    try {
      commit(changes);
    } catch (RuntimeException | Error e) {
      store.closeImmediately();
      if (!Damage.isMeantBy(e)) {
        throw failure(e);
      }
      store = repaired(e);
      commit(changes);
    }
  }

  /**
   * Reads from maps.
   *
   * @return whether it went well; if not, the file was damaged and has been set aside, and the next
   *     call reads what is left
   * @throws MVStoreException if the disk does not read
   */
  synchronized boolean read(Consumer<StoreFile> reading) {
    try {
      reading.accept(this);
      return true;
    } catch (RuntimeException | Error e) {
      store.closeImmediately();
      if (!Damage.isMeantBy(e)) {
        throw failure(e);
      }
      store = repaired(e);
      return false;
    }
  }

  private void commit(Consumer<StoreFile> changes) {
    MVStore current = opened();
    changes.accept(this);
    if (current.getStoreVersion() != layout.format()) {
      current.setStoreVersion(layout.format());
    }
    boolean compacts = compact(current);
    OrderedFile.commit(current);
    if (compacts) {
      current.setVersionsToKeep(0);
    }
  }

  /** Writes what is still needed of old commits again, so that their space becomes free. */
  private boolean compact(MVStore current) {
    commits++;
    if (commits % COMPACT_INTERVAL != 0
        || current.getFileStore().size() < COMPACT_ABOVE_BYTES
        || current.getFileStore().getChunksFillRate() >= COMPACT_BELOW_PERCENT) {
      return false;
    }
    // The space of what is rewritten now is what the last synced commit still needs.
    current.setVersionsToKeep(COMPACTION_KEEPS);
    boolean unused = current.compact(COMPACT_BELOW_PERCENT, COMPACTED_BYTES);
    return true;
  }

  /**
   * Ends without the mark of a clean end: with it, a file that is damaged later would be read as it
   * was long ago instead of as it is.
   */
  @Override
  public synchronized void close() {
    store.closeImmediately();
  }

  // --- opening

  private MVStore opened() {
    if (store.isClosed()) {
      try {
        store = openOrBegin();
      } catch (IOException e) {
        throw unusable(e);
      }
    }
    return store;
  }

  private MVStore openOrBegin() throws IOException {
    long bytes = Files.exists(file) ? Files.size(file) : 0;
    int found;
    boolean isUnreadable;
    try {
      MVStore opened = OrderedFile.open(file);
      found = opened.getStoreVersion();
      isUnreadable = bytes > EMPTY_BYTES && isEmpty(opened);
      if (found <= layout.format() && !isUnreadable) {
        return opened;
      }
      opened.closeImmediately();
    } catch (RuntimeException | Error e) {
      if (Damage.isMeantBy(e)) {
        return Damage.repair(file, layout, e);
      }
      boolean isLocked =
          e instanceof MVStoreException failure
              && failure.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
      throw new IOException(
          layout.key()
              + " "
              + file
              + (isLocked ? " is in use by another process" : ": " + e.getMessage()),
          e);
    }
    return isUnreadable
        ? Damage.repair(file, layout, new IOException("nothing in it can be read"))
        : Damage.setNewerAside(file, layout, found);
  }

  private MVStore repaired(Throwable why) {
    try {
      return Damage.repair(file, layout, why);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static MVStoreException unusable(IOException e) {
    return DataUtils.newMVStoreException(
        DataUtils.ERROR_WRITING_FAILED, "{0}", String.valueOf(e.getMessage()), e);
  }

  private static MVStoreException failure(Throwable e) {
    if (e instanceof MVStoreException failure) {
      return failure;
    }
    throw (Error) e;
  }

  private static boolean isEmpty(MVStore opened) {
    return opened.getMapNames().isEmpty();
  }
}
