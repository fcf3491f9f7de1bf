package mqttsn.gateway.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.MVStoreException;
import org.tinylog.Logger;

/** A number above all sequence numbers in use, as files keep it. */
final class SequenceCeiling {

  /** The named map that it is in. */
  static final String MAP = "numbers";

  private static final String NAME = "sequence-ceiling";

  private SequenceCeiling() {}

  /** 0 if none was written. */
  static long read(StoreFile file) {
    long[] ceiling = {0};
    try {
      boolean unused =
          file.read(
              maps -> {
                byte[] sealed = maps.named(MAP).get(NAME);
                byte[] octets = sealed == null ? null : Checked.open(NAME, sealed);
                ceiling[0] = octets == null ? 0 : ByteBuffer.wrap(octets).getLong();
              });
    } catch (MVStoreException e) {
      Logger.warn("the last sequence number cannot be read: {}", e.getMessage());
    }
    return ceiling[0];
  }

  /** To be called while writing. */
  static void write(StoreFile maps, long ceiling) {
    byte[] octets = ByteBuffer.allocate(Long.BYTES).putLong(ceiling).array();
    byte[] unused = maps.named(MAP).put(NAME, Checked.seal(NAME, octets));
  }
}
