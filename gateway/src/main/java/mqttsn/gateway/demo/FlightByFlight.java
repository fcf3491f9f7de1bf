package mqttsn.gateway.demo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CoalescingBufferQueue;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hands what comes over TCP to a QUIC stream, one flight after the other: the next leaves when
 * something has come from the client since the last.
 *
 * <p>The QUIC library as a server follows a client to a new address, but of what it had in flight
 * to the old one it sends again the oldest two packets at most, and one is often a copy of the
 * other. The rest is lost for good, and with it the stream. With one flight under way nothing is.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class FlightByFlight extends ChannelInboundHandlerAdapter {

  /** Those of one QUIC port that wait for their clients; all in its event loop. */
  static final class Waiting extends ChannelInboundHandlerAdapter {
    private final Map<SocketAddress, FlightByFlight> byClient = new HashMap<>();
    private final Set<SocketAddress> heard = new LinkedHashSet<>();
    private boolean somebodyMoved;

    /** Some client has another address now. */
    void moved() {
      somebodyMoved = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      heard.add(((DatagramPacket) message).sender());
      ctx.fireChannelRead(message);
    }

    /** Stands before the QUIC codec: what was received has been dealt with. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.fireChannelReadComplete();
      List<SocketAddress> clients = List.copyOf(somebodyMoved ? byClient.keySet() : heard);
      somebodyMoved = false;
      heard.clear();
      for (SocketAddress client : clients) {
        FlightByFlight held = byClient.get(client);
        if (held != null) {
          held.flyIfAcknowledged();
        }
      }
    }
  }

  private final QuicStreamChannel stream;
  private final Waiting waiting;
  private Channel tcp;
  private @Nullable SocketAddress client;
  private CoalescingBufferQueue held;

  /** Packets that the client had sent when the last flight left. */
  private long receivedBefore = -1;

  @SuppressWarnings("NullAway.Init") // handlerAdded brings the channel.
  FlightByFlight(QuicStreamChannel stream, Waiting waiting) {
    this.stream = stream;
    this.waiting = waiting;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    tcp = ctx.channel();
    held = new CoalescingBufferQueue(tcp);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held.add((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    tcp.config().setAutoRead(false);
    leave();
    client = stream.parent().remoteSocketAddress();
    waiting.byClient.put(client, this);
    flyIfAcknowledged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    leave();
    fly();
    stream.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void flyIfAcknowledged() {
    QuicConnectionStats stats = stream.parent().collectStats().getNow();
    long received = stats == null ? -1 : stats.recv();
    if (received != receivedBefore) {
      receivedBefore = received;
      leave();
      fly();
      tcp.config().setAutoRead(stream.isWritable());
    }
  }

  private void leave() {
    waiting.byClient.remove(client, this);
  }

  private void fly() {
    if (!held.isEmpty()) {
      ChannelPromise promise = stream.newPromise();
      stream.writeAndFlush(held.remove(held.readableBytes(), promise), promise);
    }
  }
}
