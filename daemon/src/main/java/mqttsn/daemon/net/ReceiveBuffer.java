package mqttsn.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One buffer for all reads of the channels that share this, in one event loop. Who keeps what was
 * read, such as a decoder that waits for the rest of a packet, keeps the buffer; until it is given
 * back, reads take others from the allocator.
 */
public class ReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

  private final int bytes;
  private @Nullable ByteBuf own;

  /**
   * @param bytes size of a read
   * @param readsATurn how often a channel is read in a row at most, while the buffer gets full
   */
  public ReceiveBuffer(int bytes, int readsATurn) {
    super(readsATurn);
    this.bytes = bytes;
  }

  @Override
  @SuppressWarnings("deprecation") // The interface speaks of a deprecated one.
  public RecvByteBufAllocator.Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return bytes;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator others) {
        return free(others);
      }
    };
  }

  /** The buffer, or another one of its size while somebody keeps what was read. */
  final ByteBuf free(ByteBufAllocator others) {
    ByteBuf buffer = own;
    if (buffer == null) {
      buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes));
      own = buffer;
    }
    return buffer.refCnt() == 1 ? buffer.retain().clear() : others.directBuffer(bytes);
  }
}
