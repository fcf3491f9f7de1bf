package mqttsn.gateway.broker.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CoalescingBufferQueue;

/**
 * Collects what is written to a QUIC stream until the read loop or the event loop's task queue
 * ends.
 *
 * <p>The QUIC library makes a packet of every write; {@code flush} changes nothing about that. Each
 * write here is one MQTT packet or more, so without this a burst of small messages becomes a burst
 * of small datagrams.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class WriteCoalescer extends ChannelDuplexHandler {

  /** Beyond this nothing is gained, and the stream's own back-pressure should be felt. */
  private static final int MAX_COLLECTED_BYTES = 32 * 1024;

  private CoalescingBufferQueue collected;
  private boolean inReadLoop;
  private boolean scheduled;

  @SuppressWarnings("NullAway.Init") // The queue belongs to the channel, which handlerAdded brings.
  WriteCoalescer() {}

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    collected = new CoalescingBufferQueue(ctx.channel());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    writeOut(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    collected.add((ByteBuf) message, promise);
    if (collected.readableBytes() >= MAX_COLLECTED_BYTES) {
      writeOut(ctx);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!inReadLoop && !scheduled) {
      scheduled = true;
      ctx.executor()
          .execute(
              () -> {
                scheduled = false;
                writeOut(ctx);
              });
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    inReadLoop = true;
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    inReadLoop = false;
    writeOut(ctx);
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    writeOut(ctx);
    ctx.close(promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    writeOut(ctx);
    ctx.fireChannelInactive();
  }

  private void writeOut(ChannelHandlerContext ctx) {
    if (collected.isEmpty()) {
      return;
    }
    ChannelPromise promise = ctx.newPromise();
    ByteBuf all = collected.remove(collected.readableBytes(), promise);
    ctx.writeAndFlush(all, promise);
  }
}
