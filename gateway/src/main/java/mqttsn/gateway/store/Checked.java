package mqttsn.gateway.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Octets with a checksum of themselves and their key behind them: the file itself does not notice
 * octets that changed.
 */
final class Checked {

  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private Checked() {}

  static byte[] seal(long key, byte[] octets) {
    return seal(bytes(key), octets);
  }

  static byte[] seal(String key, byte[] octets) {
    return seal(bytes(key), octets);
  }

  /** What was sealed for that key; null if it is not that any more. */
  static byte @Nullable [] open(long key, byte[] sealed) {
    return open(bytes(key), sealed);
  }

  /** What was sealed for that key; null if it is not that any more. */
  static byte @Nullable [] open(String key, byte[] sealed) {
    return open(bytes(key), sealed);
  }

  private static byte[] seal(byte[] key, byte[] octets) {
    byte[] sealed = Arrays.copyOf(octets, octets.length + CHECKSUM_BYTES);
    ByteBuffer.wrap(sealed).putInt(octets.length, checksum(key, octets, octets.length));
    return sealed;
  }

  private static byte @Nullable [] open(byte[] key, byte[] sealed) {
    int length = sealed.length - CHECKSUM_BYTES;
    if (length < 0 || ByteBuffer.wrap(sealed).getInt(length) != checksum(key, sealed, length)) {
      return null;
    }
    return Arrays.copyOf(sealed, length);
  }

  private static int checksum(byte[] key, byte[] octets, int length) {
    CRC32C crc = new CRC32C();
    crc.update(key, 0, key.length);
    crc.update(octets, 0, length);
    return (int) crc.getValue();
  }

  private static byte[] bytes(long key) {
    return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
