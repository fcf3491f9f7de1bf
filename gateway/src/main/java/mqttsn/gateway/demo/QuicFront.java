package mqttsn.gateway.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicResetTokenGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives an MQTT broker that only speaks TCP a QUIC port: what comes on a stream is piped to a TCP
 * connection of its own. For tests and demonstrations; it does not look at MQTT.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
public final class QuicFront implements AutoCloseable {

  /** Paths that a client may have been seen on: each change of its address takes one. */
  private static final int CONNECTION_IDS = 16;

  private static final long MAIN_IDLE_MILLIS = 60_000;
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int MAX_DATAGRAM_BYTES = 2048;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final InetSocketAddress broker;
  private final FlightByFlight.Waiting waiting = new FlightByFlight.Waiting();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final Channel socket;

  /**
   * Binds the port.
   *
   * @param broker where the TCP connections go
   */
  public QuicFront(
      InetSocketAddress listen, QuicSslContext tls, long idleMillis, InetSocketAddress broker)
      throws IOException {
    this(listen, tls, idleMillis, broker, Duration.ZERO);
  }

  private QuicFront(
      InetSocketAddress listen,
      QuicSslContext tls,
      long idleMillis,
      InetSocketAddress broker,
      Duration delay)
      throws IOException {
    this.broker = broker;
    ChannelHandler codec =
        new QuicServerCodecBuilder()
            .sslContext(tls)
            .maxIdleTimeout(idleMillis, TimeUnit.MILLISECONDS)
            .activeConnectionIdLimit(CONNECTION_IDS)
            .connectionIdAddressGenerator(QuicConnectionIdGenerator.signGenerator())
            .resetTokenGenerator(QuicResetTokenGenerator.signGenerator())
            .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
            .maxRecvUdpPayloadSize(MAX_DATAGRAM_BYTES)
            .initialMaxData(4L * STREAM_WINDOW_BYTES)
            .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW_BYTES)
            .initialMaxStreamsBidirectional(1)
            .handler(new Connections())
            .streamHandler(new Streams())
            .build();
    ChannelFuture bound =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel datagrams) {
                    if (!delay.isZero()) {
                      datagrams.pipeline().addLast(new Distance(delay));
                    }
                    datagrams.pipeline().addLast(waiting, codec);
                  }
                })
            .bind(listen)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException("cannot bind " + listen, bound.cause());
    }
    socket = bound.channel();
  }

  /**
   * Runs until the process is ended, after a line that says where: {@code LISTEN-HOST:PORT
   * CERTIFICATE-PEM KEY-PEM BROKER-HOST:PORT [DELAY-MILLIS]}, with a delay of what is received.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4 || arguments.length > 5) {
      throw new IllegalArgumentException(
          "expected HOST:PORT CERTIFICATE KEY BROKER-HOST:PORT [DELAY-MILLIS]");
    }
    Duration delay = Duration.ofMillis(arguments.length == 4 ? 0 : Long.parseLong(arguments[4]));
    QuicSslContext tls =
        QuicSslContextBuilder.forServer(new File(arguments[2]), null, new File(arguments[1]))
            .applicationProtocols("mqtt")
            .build();
    QuicFront front =
        new QuicFront(address(arguments[0]), tls, MAIN_IDLE_MILLIS, address(arguments[3]), delay);
    System.out.println("QUIC on " + front.address());
    front.socket.closeFuture().awaitUninterruptibly();
  }

  private static InetSocketAddress address(String hostAndPort) throws IOException {
    int colon = hostAndPort.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.getByName(hostAndPort.substring(0, colon)),
        Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.localAddress();
  }

  /** QUIC connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Streams accepted so far, and so TCP connections opened to the broker. */
  public int streams() {
    return streams.get();
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @ChannelHandler.Sharable
  private final class Connections extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      connections.incrementAndGet();
      ctx.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof QuicPathEvent) {
        waiting.moved();
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Packets that are not of the connection, and handshakes that fail, are the client's affair.
    }
  }

  @ChannelHandler.Sharable
  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      streams.incrementAndGet();
      stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
      stream.config().setAutoRead(false);
      new Bootstrap()
          .group(stream.eventLoop())
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(new FlightByFlight((QuicStreamChannel) stream, waiting))
          .connect(broker)
          .addListener(
              (ChannelFuture connected) -> {
                if (connected.isSuccess()) {
                  stream.pipeline().addLast(new Pipe(connected.channel()));
                  stream.config().setAutoRead(true);
                } else {
                  stream.close();
                }
              });
      stream.closeFuture().addListener(closed -> stream.parent().close());
    }
  }

  /** Hands what a stream receives to a TCP connection, as fast as that takes it. */
  private static final class Pipe extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Pipe(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      other.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      other.flush();
      ctx.channel().config().setAutoRead(other.isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      other.config().setAutoRead(ctx.channel().isWritable());
      ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      other.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
