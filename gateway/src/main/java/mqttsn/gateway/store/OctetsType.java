package mqttsn.gateway.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Octets as values of a map. A length that cannot be is damage, and not room to be made. */
final class OctetsType extends BasicDataType<byte[]> {

  static final OctetsType INSTANCE = new OctetsType();

  /** Of an array in memory, beside its octets. */
  private static final int ARRAY_BYTES = 16;

  private OctetsType() {}

  @Override
  public int getMemory(byte[] octets) {
    return ARRAY_BYTES + octets.length;
  }

  @Override
  public void write(WriteBuffer to, byte[] octets) {
    to.putVarInt(octets.length).put(octets);
  }

  @Override
  public byte[] read(ByteBuffer from) {
    int length = DataUtils.readVarInt(from);
    if (length < 0 || length > from.remaining()) {
      throw new IllegalStateException("a value of " + length + " octets");
    }
    byte[] octets = new byte[length];
    from.get(octets);
    return octets;
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }
}
