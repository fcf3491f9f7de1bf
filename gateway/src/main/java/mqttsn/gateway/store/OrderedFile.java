package mqttsn.gateway.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/**
 * A file whose writes reach the disk in an order: what a commit writes, then the block that makes
 * it valid, then the header that points to it.
 *
 * <p>By itself the store takes a commit for whole whose first and last blocks are there, and a
 * machine that stops may have written those and not what is between them.
 */
class OrderedFile extends SingleFileStore {

  private static final int BLOCK = 4_096;

  OrderedFile(Map<String, Object> options) {
    super(options);
  }

  /**
   * Opens a store on a file, or begins a new one. It is written only when it is told to, and space
   * is used again as soon as the commit is on the disk that does not need it any more.
   */
  static MVStore open(Path file) {
    return new OrderedFile(options()).open(file, false);
  }

  /** Opens a store that is damaged, to read what can be read of it. */
  static MVStore openDamaged(Path file) {
    Map<String, Object> options = options();
    options.put("recoveryMode", 1);
    return new OrderedFile(options).open(file, true);
  }

  static Map<String, Object> options() {
    return new HashMap<>(Map.of("cacheSize", 1));
  }

  MVStore open(Path file, boolean readOnly) {
    open(file.toAbsolutePath().toString(), readOnly, (char[]) null);
    try {
      MVStore store =
          new MVStore.Builder()
              .adoptFileStore(this)
              .autoCommitDisabled()
              .autoCommitBufferSize(0)
              .open();
      store.setRetentionTime(0);
      store.setVersionsToKeep(0);
      return store;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Writes the changes; when it returns, they are on the disk. */
  static void commit(MVStore store) {
    // Not having ended cleanly is what makes the header be written with every commit.
    Object unused = store.getStoreHeader().put("clean", 1);
    store.commit();
    store.sync();
  }

  @Override
  protected void writeFully(SFChunk chunk, long position, ByteBuffer octets) {
    int body = octets.remaining() - BLOCK;
    if (chunk == null) {
      sync();
    } else if (body > BLOCK) {
      ByteBuffer beginning = octets.duplicate();
      beginning.limit(beginning.position() + body);
      super.writeFully(chunk, position, beginning);
      sync();
      octets.position(octets.position() + body);
      super.writeFully(chunk, position + body, octets);
      return;
    }
    super.writeFully(chunk, position, octets);
  }
}
