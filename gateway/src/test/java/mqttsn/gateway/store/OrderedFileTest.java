package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When the machine stops during a commit, the file is as before it or as after it, whichever of the
 * blocks that were not synced have been written.
 */
class OrderedFileTest {

  private static final int BLOCK = 4_096;
  private static final Layout LAYOUT = new Layout("file", 1, List.of(), List.of("n"));

  @TempDir Path folder;

  private final Random random = new Random(3);

  /** What is on the disk for certain, after each sync. */
  private final List<byte[]> synced = new ArrayList<>();

  private final class Watched extends OrderedFile {
    private final Path path;

    Watched(Path path) {
      super(options());
      this.path = path;
    }

    @Override
    public void sync() {
      super.sync();
      try {
        synced.add(Files.readAllBytes(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void isTheOldOneOrTheNewOneWhenTheMachineStops() throws Exception {
    Path file = folder.resolve("file");
    MVStore store = new Watched(file).open(file, false);
    MVMap<Long, byte[]> map = LAYOUT.numbered(store, "n");
    map.put(-1L, new byte[1]);
    OrderedFile.commit(store);
    byte[] before = Files.readAllBytes(file);
    long next = 0;
    long first = 0;
    for (int commit = 0; commit < 150; commit++) {
      Set<Long> old = new TreeSet<>(map.keySet());
      for (long end = next + random.nextInt(40); next < end; next++) {
        map.put(next, new byte[random.nextInt(300)]);
      }
      for (long end = Math.min(next, first + random.nextInt(45)); first < end; first++) {
        map.remove(first);
      }
      synced.clear();
      OrderedFile.commit(store);
      for (byte[] after : synced) {
        for (int stop = 0; stop < 3; stop++) {
          assertThat(numbers(partly(before, after)))
              .as("stopped in commit %d", commit)
              .isIn(old, new TreeSet<>(map.keySet()));
        }
        before = after;
      }
    }
    store.closeImmediately();
  }

  /** Any of the blocks that differ have been written. */
  private byte[] partly(byte[] before, byte[] after) {
    byte[] mixed = Arrays.copyOf(before, Math.max(before.length, after.length));
    for (int block = 0; block < after.length; block += BLOCK) {
      if (random.nextBoolean()) {
        System.arraycopy(after, block, mixed, block, Math.min(BLOCK, after.length - block));
      }
    }
    return mixed;
  }

  private Set<Long> numbers(byte[] octets) throws Exception {
    Path file = Files.write(folder.resolve("copy"), octets);
    Set<Long> numbers = new TreeSet<>();
    try (StoreFile copy = StoreFile.open(file, LAYOUT)) {
      assertThat(copy.read(maps -> numbers.addAll(maps.numbered("n").keySet()))).isTrue();
    }
    assertThat(folder.resolve("copy.damaged")).doesNotExist();
    return numbers;
  }
}
