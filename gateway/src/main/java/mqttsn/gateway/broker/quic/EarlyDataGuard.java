package mqttsn.gateway.broker.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.PendingWriteQueue;

/**
 * Lets nothing but the first MQTT packet, which is CONNECT, travel in 0-RTT data: an attacker can
 * replay that, and a replayed PUBLISH would be a message twice. {@link #open} ends it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class EarlyDataGuard extends ChannelOutboundHandlerAdapter {

  private PendingWriteQueue held;
  private boolean connectPassed;
  private boolean open;

  @SuppressWarnings("NullAway.Init") // The queue belongs to the context, which handlerAdded brings.
  EarlyDataGuard() {}

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    held = new PendingWriteQueue(ctx);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (open || !connectPassed) {
      connectPassed = true;
      ctx.write(message, promise);
    } else {
      held.add(message, promise);
    }
  }

  /** The handshake is complete. */
  void open(ChannelHandlerContext ctx) {
    open = true;
    held.removeAndWriteAll();
    ctx.flush();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    held.removeAndFailAll(new java.nio.channels.ClosedChannelException());
    ctx.close(promise);
  }
}
