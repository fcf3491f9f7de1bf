package mqttsn.gateway.demo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Holds back what a datagram channel receives, as if everybody were far away.
 *
 * <p>The QUIC library gives a new path up when it is not validated within a few round trips. Where
 * a round trip takes a millisecond, a busy machine has not come to run the other side by then.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What is scheduled reports through the channel.
final class Distance extends ChannelInboundHandlerAdapter {

  private final Duration delay;

  Distance(Duration delay) {
    this.delay = delay;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ctx.executor().schedule(() -> arrive(ctx, message), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Nothing has arrived yet.
  }

  private static void arrive(ChannelHandlerContext ctx, Object message) {
    if (ctx.isRemoved()) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
      ctx.fireChannelReadComplete();
    }
  }
}
