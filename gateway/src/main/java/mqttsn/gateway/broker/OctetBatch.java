package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of the event loop brings for one connection, in as few buffers as possible: each
 * buffer costs a channel more than the octets in it. The first packet has a buffer of its size,
 * because mostly there is no second one where each client has its own connection. While the broker
 * does not take what it was sent, all have: what waits for it is counted in octets, and must not be
 * kept in rooms that are nearly empty.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class OctetBatch implements FrequentPackets.Room {

  private static final int BATCH_BYTES = 4 << 10;

  private final ChannelHandlerContext target;
  private @Nullable ByteBuf open;

  /** Whether this turn had a packet, and its next ones share a buffer. */
  private boolean isBatch;

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
    int capacity = isBatch ? Math.max(octets, BATCH_BYTES) : octets;
    isBatch = !isBehind();
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
    isBatch = false;
    target.flush();
  }

  /** Whether something waits that was sent in an earlier turn. */
  private boolean isBehind() {
    ChannelOutboundBuffer sent = target.channel().unsafe().outboundBuffer();
    return sent == null ? !target.channel().isWritable() : !sent.isEmpty();
  }

  /** The connection is over. */
  void drop() {
    if (open != null) {
      open.release();
      open = null;
    }
  }
}
