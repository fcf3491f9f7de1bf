package mqttsn.gateway.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Set;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.tinylog.Logger;

/** What is done with a file that cannot be used. It is kept beside the new one. */
final class Damage {

  /** Entries that are taken over in one commit. */
  private static final int COMMITTED_ENTRIES = 1_000;

  /** An allocation that fails while this much is free was asked for with a wrong length. */
  private static final long FREE_BYTES = 8 << 20;

  private Damage() {}

  /** Whether this means that the file is damaged, and not that the disk or the memory is full. */
  static boolean isMeantBy(Throwable failure) {
    if (failure instanceof MVStoreException e) {
      return switch (e.getErrorCode()) {
        case DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_CLOSED, DataUtils.ERROR_FILE_LOCKED ->
            false;
        case DataUtils.ERROR_READING_FAILED -> e.getCause() instanceof EOFException;
        default -> true;
      };
    }
    if (failure instanceof OutOfMemoryError) {
      Runtime runtime = Runtime.getRuntime();
      return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory() > FREE_BYTES;
    }
    return true;
  }

  /** Begins a new file with what can still be read of the damaged one. */
  static MVStore repair(Path file, Layout layout, Throwable why) throws IOException {
    Path aside = setAside(file, "damaged");
    MVStore begun = begin(file, layout);
    long taken = takeOver(aside, begun, layout);
    Logger.error(
        "{} {} is damaged and was set aside as {}; {} entries of it could be read: {}",
        layout.key(),
        file,
        aside.getFileName(),
        taken,
        reason(why));
    return begun;
  }

  /** Begins a new file where a later version of this program has written. */
  static MVStore setNewerAside(Path file, Layout layout, int found) throws IOException {
    Path aside = setAside(file, "format-" + found);
    Logger.error(
        "{} {} has format {}, expected {} at most, and was set aside as {}",
        layout.key(),
        file,
        found,
        layout.format(),
        aside.getFileName());
    return begin(file, layout);
  }

  private static Path setAside(Path file, String suffix) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + "." + suffix);
    return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
  }

  private static MVStore begin(Path file, Layout layout) throws IOException {
    try {
      return OrderedFile.open(file);
    } catch (MVStoreException e) {
      throw new IOException(layout.key() + " " + file + ": " + reason(e), e);
    }
  }

  /** Copies what can be read, and passes over what cannot. */
  private static long takeOver(Path from, MVStore to, Layout layout) {
    try (MVStore damaged = OrderedFile.openDamaged(from)) {
      to.setStoreVersion(damaged.getStoreVersion());
      Set<String> names = damaged.getMapNames();
      for (String name : layout.named()) {
        if (names.contains(name)) {
          copy(layout.named(damaged, name), layout.named(to, name), to);
        }
      }
      for (String name : layout.numbered()) {
        if (names.contains(name)) {
          copy(layout.numbered(damaged, name), layout.numbered(to, name), to);
        }
      }
    } catch (RuntimeException | Error e) {
      Logger.debug("{}: {}", from, reason(e));
    }
    long taken = 0;
    for (String name : layout.named()) {
      taken += layout.named(to, name).sizeAsLong();
    }
    for (String name : layout.numbered()) {
      taken += layout.numbered(to, name).sizeAsLong();
    }
    return taken;
  }

  private static <K> void copy(MVMap<K, byte[]> from, MVMap<K, byte[]> to, MVStore store) {
    try {
      Cursor<K, byte[]> entries = from.cursor(null);
      for (long copied = 1; entries.hasNext(); copied++) {
        K key = entries.next();
        to.put(key, entries.getValue());
        if (copied % COMMITTED_ENTRIES == 0) {
          OrderedFile.commit(store);
        }
      }
    } catch (RuntimeException | Error e) {
      Logger.debug("{}: {}", from.getName(), reason(e));
    }
  }

  /** The first line of what was said, without the file's internals. */
  private static String reason(Throwable why) {
    String message = why.getMessage() == null ? why.toString() : why.getMessage();
    Iterator<String> lines = message.lines().iterator();
    return lines.hasNext() ? lines.next() : why.toString();
  }
}
