package mqttsn.gateway.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The entries of a map in the order of their keys, read a slice at a time: all of them may be more
 * than the memory should hold at once. Where the file is damaged, it goes on with what is left of
 * it.
 */
final class Entries<K> implements Iterator<Map.Entry<K, byte[]>> {

  private static final int SLICE = 1_024;

  private final StoreFile file;
  private final Function<StoreFile, MVMap<K, byte[]>> map;
  private final String name;
  private List<Map.Entry<K, byte[]>> slice = List.of();
  private int next;
  private @Nullable K last;

  /**
   * @param name what the entries are, for the log
   */
  Entries(StoreFile file, Function<StoreFile, MVMap<K, byte[]>> map, String name) {
    this.file = file;
    this.map = map;
    this.name = name;
  }

  @Override
  public boolean hasNext() {
    if (next == slice.size()) {
      slice = read();
      next = 0;
    }
    return !slice.isEmpty();
  }

  /** To be called after {@link #hasNext}. */
  @Override
  public Map.Entry<K, byte[]> next() {
    Map.Entry<K, byte[]> entry = slice.get(next++);
    last = entry.getKey();
    return entry;
  }

  private List<Map.Entry<K, byte[]>> read() {
    List<Map.Entry<K, byte[]>> read = new ArrayList<>(SLICE);
    try {
      while (!file.read(maps -> read(maps, read))) {
        read.clear();
      }
    } catch (MVStoreException e) {
      Logger.error("{} cannot be read: {}", name, e.getMessage());
      read.clear();
    }
    return read;
  }

  private void read(StoreFile maps, List<Map.Entry<K, byte[]>> read) {
    Cursor<K, byte[]> cursor = map.apply(maps).cursor(last);
    while (read.size() < SLICE && cursor.hasNext()) {
      K key = cursor.next();
      if (!key.equals(last)) {
        read.add(Map.entry(key, cursor.getValue()));
      }
    }
  }
}
