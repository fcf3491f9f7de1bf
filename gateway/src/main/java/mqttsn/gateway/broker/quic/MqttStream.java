package mqttsn.gateway.broker.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import java.util.function.LongSupplier;
import mqttsn.gateway.broker.BrokerTransport;
import org.jspecify.annotations.Nullable;

/**
 * The one stream of a QUIC connection, which carries the MQTT connection: tells the policy what
 * goes over it, and keeps out of 0-RTT data what must not travel there. All in the event loop.
 */
final class MqttStream extends ChannelInitializer<Channel> {

  private final PathPolicy policy;
  private final LongSupplier nanoTime;
  private final boolean early;
  private @Nullable ChannelHandlerContext notes;
  private @Nullable ChannelHandlerContext guard;

  /**
   * @param early whether it is opened before the handshake is complete
   */
  MqttStream(PathPolicy policy, LongSupplier nanoTime, boolean early) {
    this.policy = policy;
    this.nanoTime = nanoTime;
    this.early = early;
  }

  @Override
  protected void initChannel(Channel stream) {
    stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    stream.pipeline().addLast(new Notes());
    if (early) {
      stream.pipeline().addLast(new EarlyDataGuard());
      guard = stream.pipeline().context(EarlyDataGuard.class);
    }
    stream.pipeline().addLast(new WriteCoalescer());
  }

  /** What was held back may travel now. */
  void handshakeDone() {
    if (guard != null) {
      ((EarlyDataGuard) guard.handler()).open(guard);
    }
  }

  /** Asks the MQTT connection for a PINGREQ. */
  void wantPing() {
    if (notes != null) {
      notes.fireUserEventTriggered(BrokerTransport.Signal.PING_WANTED);
    }
  }

  /** Nearest to the wire: tells the policy what is written. */
  @SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
  private final class Notes extends ChannelDuplexHandler {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      notes = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      policy.written(nanoTime.getAsLong());
      ctx.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      policy.read();
      ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      notes = null;
      ctx.fireChannelInactive();
    }
  }
}
