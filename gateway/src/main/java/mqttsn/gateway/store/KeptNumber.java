package mqttsn.gateway.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.MVStoreException;
import org.tinylog.Logger;

/** A number that only grows over all processes, as files keep it. */
enum KeptNumber {
  /** It is above all sequence numbers in use. */
  SEQUENCE_CEILING("sequence-ceiling"),

  /** The highest number that a message of the queue had, written with it or behind it. */
  LAST_MESSAGE("last-message");

  /** The named map that they are in. */
  static final String MAP = "numbers";

  private final String key;

  KeptNumber(String key) {
    this.key = key;
  }

  /** 0 if none was written. */
  long read(StoreFile file) {
    long[] number = {0};
    try {
      boolean unused =
          file.read(
              maps -> {
                byte[] sealed = maps.named(MAP).get(key);
                byte[] octets = sealed == null ? null : Checked.open(key, sealed);
                number[0] = octets == null ? 0 : ByteBuffer.wrap(octets).getLong();
              });
    } catch (MVStoreException e) {
      Logger.warn("the number {} cannot be read: {}", key, e.getMessage());
    }
    return number[0];
  }

  /** To be called while writing. */
  void write(StoreFile maps, long number) {
    byte[] octets = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    byte[] unused = maps.named(MAP).put(key, Checked.seal(key, octets));
  }
}
