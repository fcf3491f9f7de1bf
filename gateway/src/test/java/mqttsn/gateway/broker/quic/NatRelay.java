package mqttsn.gateway.broker.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A NAT between one client and one broker: the broker sees the relay's outside address, which the
 * test changes; and a network that delays, repeats and goes dark.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class NatRelay implements AutoCloseable {

  private static final int MAX_DATAGRAM_BYTES = 4096;
  private static final long LINGER_MILLIS = 300;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final InetSocketAddress broker;
  private final Channel inside;
  private final AtomicInteger fromClient = new AtomicInteger();

  private volatile Channel outside;
  private volatile boolean darkToBroker;
  private volatile boolean darkToClient;
  private volatile long delayNanos;
  private volatile int repeat = 1;
  private volatile @Nullable InetSocketAddress client;

  /**
   * Listens on an ephemeral port of {@code insideHost} and speaks to the broker from {@code
   * outsideHost}.
   */
  NatRelay(String insideHost, String outsideHost, InetSocketAddress broker) {
    this.broker = broker;
    this.inside = bind(insideHost, this::fromInside);
    this.outside = bind(outsideHost, this::fromOutside);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) inside.localAddress();
  }

  /** What came from the client so far, dark or not. */
  int datagramsFromClient() {
    return fromClient.get();
  }

  InetSocketAddress client() {
    return java.util.Objects.requireNonNull(client);
  }

  Channel insideSocket() {
    return inside;
  }

  /**
   * The NAT makes a new mapping: another port of {@code outsideHost}. What is on its way to the
   * client still arrives: the broker here, quiche, does not send again what it had in flight on an
   * old path, beyond two packets.
   */
  void rebind(String outsideHost) {
    Channel before = outside;
    outside = bind(outsideHost, this::fromOutside);
    loop.schedule(() -> before.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Nothing passes until {@link #goBright}, but for what is on its way to the client. */
  void goDark() {
    darkToBroker = true;
    loop.schedule(() -> darkToClient = darkToBroker, LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  void goBright() {
    darkToBroker = false;
    darkToClient = false;
  }

  void delay(Duration oneWay) {
    delayNanos = oneWay.toNanos();
  }

  /** Delivers each datagram of the client so many times. */
  void repeat(int times) {
    repeat = times;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void fromInside(DatagramPacket packet) {
    client = packet.sender();
    fromClient.incrementAndGet();
    for (int i = 0; i < repeat && !darkToBroker; i++) {
      pass(outside, packet, broker);
    }
  }

  private void fromOutside(DatagramPacket packet) {
    InetSocketAddress to = client;
    if (to != null && !darkToClient && packet.sender().equals(broker)) {
      pass(inside, packet, to);
    }
  }

  private void pass(Channel through, DatagramPacket packet, InetSocketAddress to) {
    DatagramPacket passed = new DatagramPacket(packet.content().copy(), to);
    if (delayNanos == 0) {
      through.writeAndFlush(passed);
    } else {
      loop.schedule(() -> through.writeAndFlush(passed), delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private Channel bind(String host, java.util.function.Consumer<DatagramPacket> receiver) {
    return new Bootstrap()
        .group(loop)
        .channel(NioDatagramChannel.class)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES))
        .handler(
            new SimpleChannelInboundHandler<DatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
                receiver.accept(packet);
              }

              @Override
              public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                // A port that nobody listens on any more: the network says so, QUIC does not care.
              }
            })
        .bind(host, 0)
        .syncUninterruptibly()
        .channel();
  }
}
