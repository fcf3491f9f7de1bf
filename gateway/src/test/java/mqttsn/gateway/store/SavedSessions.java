package mqttsn.gateway.store;

import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/** What may have happened to a file of sessions while no gateway ran. */
public final class SavedSessions {

  private static final int COMMIT_BYTES = 8_192;

  private SavedSessions() {}

  /** The process was killed in the middle of a commit: the beginning of it is in the file. */
  public static void tear(Path file, int tornBytes) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    int begin = Math.max(0, octets.length - COMMIT_BYTES);
    Files.write(file, Arrays.copyOfRange(octets, begin, begin + tornBytes), APPEND);
  }

  /** The clock was set back by this much. */
  public static void setClockBack(Path file, Duration by) throws IOException {
    StoreFile opened = StoreFile.open(file, SessionStore.LAYOUT);
    opened.write(
        maps ->
            maps.named(SessionStore.SESSIONS)
                .replaceAll((clientId, octets) -> later(clientId, octets, by)));
    opened.close();
  }

  private static byte[] later(String clientId, byte[] octets, Duration by) {
    try {
      SessionBytes.Saved saved =
          SessionBytes.read(Objects.requireNonNull(Checked.open(clientId, octets)));
      return Checked.seal(
          clientId, SessionBytes.write(saved.session(), saved.savedAtMillis() + by.toMillis()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
