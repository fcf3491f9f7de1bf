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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();

  /** Another one: outside sockets are bound while the first loop waits. */
  private final EventLoop outsideLoop = group.next();

  private final InetSocketAddress broker;
  private final Channel inside;
  private final AtomicInteger fromClient = new AtomicInteger();

  /** Outside sockets by client. */
  private final Map<InetSocketAddress, Channel> outside = new ConcurrentHashMap<>();

  /** Clients whose handshake has passed since the last change. */
  private final Set<InetSocketAddress> introduced = ConcurrentHashMap.newKeySet();

  private volatile String outsideHost;
  private volatile boolean strict;
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
    this.inside = bind(loop, insideHost, this::fromInside);
    this.outsideHost = outsideHost;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) inside.localAddress();
  }

  /** What came from the client so far, dark or not. */
  int datagramsFromClient() {
    return fromClient.get();
  }

  InetSocketAddress client() {
    return Objects.requireNonNull(client);
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
    this.outsideHost = outsideHost;
    introduced.clear();
    outside.replaceAll(
        (known, before) -> {
          loop.schedule(() -> before.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
          return outsideOf(known);
        });
  }

  /**
   * The broker behind is one that cannot migrate: it knows a client at the address of its
   * handshake.
   */
  void noMigration() {
    strict = true;
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
    InetSocketAddress sender = packet.sender();
    client = sender;
    fromClient.incrementAndGet();
    boolean longHeader = (packet.content().getByte(packet.content().readerIndex()) & 0x80) != 0;
    if (longHeader) {
      introduced.add(sender);
    } else if (strict && !introduced.contains(sender)) {
      return;
    }
    Channel through = outside.computeIfAbsent(sender, this::outsideOf);
    for (int i = 0; i < repeat && !darkToBroker; i++) {
      pass(through, packet, broker);
    }
  }

  private Channel outsideOf(InetSocketAddress known) {
    return bind(outsideLoop, outsideHost, packet -> fromOutside(packet, known));
  }

  private void fromOutside(DatagramPacket packet, InetSocketAddress to) {
    if (!darkToClient && packet.sender().equals(broker)) {
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

  private static Channel bind(EventLoop loop, String host, Consumer<DatagramPacket> receiver) {
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
