package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of the event loop brings for one connection, in as few buffers as possible: each
 * buffer costs a channel more than the octets in it. The first packet has a buffer of its size,
 * because mostly there is no second one where each client has its own connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class OctetBatch implements FrequentPackets.Room {

  private static final int BATCH_BYTES = 4 << 10;

  private @Nullable ByteBuf open;
  private boolean hasWritten;
  private final ChannelHandlerContext target;

  /**
   * @param target in front of the library's codec
   */
  OctetBatch(ChannelHandlerContext target) {
    this.target = target;
  }

  @Override
  public ByteBuf reserve(int octets) {
    if (open != null && open.writableBytes() >= octets) {
      return open;
    }
    write();
    int capacity = hasWritten ? Math.max(octets, BATCH_BYTES) : octets;
    hasWritten = true;
    open = target.alloc().directBuffer(capacity, capacity);
    return open;
  }

  /** Writes what there is to the channel, in front of what is written there next. */
  void write() {
    if (open != null) {
      target.write(open, target.channel().voidPromise());
      open = null;
    }
  }

  /** Writes what there is, and sends all that the channel was given. */
  void flush() {
    write();
    hasWritten = false;
    target.flush();
  }

  /** The connection is over. */
  void drop() {
    if (open != null) {
      open.release();
      open = null;
    }
  }
}
