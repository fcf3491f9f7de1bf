package mqttsn.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage of any kind never keeps a file from being opened, written and read. */
class StoreFileTest {

  private static final Layout LAYOUT = new Layout("file", 1, List.of("a"), List.of("n"));

  @TempDir Path folder;

  private final Map<String, byte[]> written = new TreeMap<>();
  private byte[] whole;

  /** A file as a process leaves it that is killed: thirty commits, and no clean end. */
  @BeforeEach
  void writeAFile() throws Exception {
    Path file = folder.resolve("whole");
    Random random = new Random(1);
    try (StoreFile store = StoreFile.open(file, LAYOUT)) {
      for (int commit = 0; commit < 30; commit++) {
        for (int i = 0; i < 10; i++) {
          byte[] octets = new byte[random.nextInt(400)];
          random.nextBytes(octets);
          String key = "key" + (commit * 10 + i);
          written.put(key, Checked.seal(key, octets));
        }
        int last = commit;
        store.write(
            maps -> {
              maps.named("a").putAll(written);
              maps.numbered("n").put((long) last, bytes("commit " + last));
            });
      }
      whole = Files.readAllBytes(file);
    }
  }

  @Test
  void opensAWholeFileAfterAKill() throws Exception {
    assertThat(entries(whole, "killed")).hasSameSizeAs(written);
    assertThat(folder.resolve("killed.damaged")).doesNotExist();
  }

  @Test
  void opensAFileThatIsCutAnywhere() throws Exception {
    for (int length = 0; length < whole.length; length += 1_021) {
      holds(Arrays.copyOf(whole, length), "cut at " + length);
    }
  }

  @Test
  void opensAFileWithChangedOctets() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      byte[] changed = whole.clone();
      for (int i = 0; i <= round % 8; i++) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      }
      holds(changed, "changed in round " + round);
    }
  }

  @Test
  void opensAFileWithLostBlocks() throws Exception {
    for (int block = 0; block < whole.length / 4_096; block++) {
      byte[] changed = whole.clone();
      Arrays.fill(changed, block * 4_096, (block + 1) * 4_096, (byte) 0);
      holds(changed, "without block " + block);
    }
  }

  /** What is read was written, and more can be written. */
  private void holds(byte[] octets, String what) throws Exception {
    Map<String, byte[]> read = new TreeMap<>();
    assertThatCode(() -> read.putAll(entries(octets, "file"))).as(what).doesNotThrowAnyException();
    read.forEach(
        (key, value) -> {
          if (Checked.open(key, value) != null) {
            assertThat(value).as("%s, %s", what, key).isEqualTo(written.get(key));
          }
        });
    try (StoreFile store = StoreFile.open(folder.resolve("file"), LAYOUT)) {
      assertThat(store.read(maps -> read.putAll(maps.named("a")))).as(what).isTrue();
      assertThat(read.get("later")).as(what).isEqualTo(bytes("later"));
    }
  }

  private Map<String, byte[]> entries(byte[] octets, String name) throws Exception {
    Path file = Files.write(folder.resolve(name), octets);
    Map<String, byte[]> read = new TreeMap<>();
    try (StoreFile store = StoreFile.open(file, LAYOUT)) {
      if (!store.read(maps -> read.putAll(maps.named("a")))) {
        read.clear();
        assertThat(store.read(maps -> read.putAll(maps.named("a")))).isTrue();
      }
      store.write(maps -> maps.named("a").put("later", bytes("later")));
    }
    return read;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
