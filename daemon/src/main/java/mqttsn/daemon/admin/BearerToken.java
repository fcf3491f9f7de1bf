package mqttsn.daemon.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import mqttsn.daemon.config.ConfigurationException;
import org.jspecify.annotations.Nullable;

/** The secret that a request must bring (RFC 6750); never part of a message or a log line. */
final class BearerToken {
  /** What messages begin with, so that they can be told at its position in the file. */
  private static final String KEY = "admin.token-file ";

  private static final String SCHEME = "Bearer ";
  private static final int SHORTEST = 16;
  private static final int LONGEST = 1_024;

  private final byte[] token;

  BearerToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the only line of {@code file}.
   *
   * @throws ConfigurationException if the file cannot be read or holds no token
   */
  static BearerToken read(Path file) throws ConfigurationException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST + 2), StandardCharsets.UTF_8).strip();
      if (text.length() >= SHORTEST
          && text.length() <= LONGEST
          && text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
        return new BearerToken(text);
      }
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(KEY + file + " does not exist");
    } catch (IOException e) {
      throw new ConfigurationException(KEY + file + " cannot be read: " + e.getMessage());
    }
    throw new ConfigurationException(
        KEY
            + file
            + " cannot be used, expected a token of "
            + SHORTEST
            + " to "
            + LONGEST
            + " visible ASCII characters");
  }

  /** Whether an {@code Authorization} field brings this token; takes the same time either way. */
  boolean isIn(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] brought =
        authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(token, brought);
  }
}
