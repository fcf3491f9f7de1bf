package mqttsn.gateway.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Encoder;
import mqttsn.codec.Octets;
import mqttsn.codec.ToClient;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.ClientAddress;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The sockets that clients speak to. Reads never stop; what is written during one turn of the event
 * loop leaves at its end, with one system call for many datagrams. No error of a socket closes it.
 */
public final class UdpShell implements ClientPort {

  /** What may wait for a kernel that takes no more, of each socket; later datagrams are dropped. */
  private static final WriteBufferWaterMark UNSENT_LIMIT =
      new WriteBufferWaterMark(1 << 20, 4 << 20);

  /** The radius in Ctrl has two bits (§5.5). */
  private static final int MAX_CTRL_RADIUS = 3;

  private final EventLoop loop;
  private final Transport transport;
  private final Options options;
  private final Counters counters;
  private final List<Listener> listeners = new ArrayList<>();
  private final DiscoverySockets discovery;
  private boolean flushIsDue;

  /**
   * What sockets are made with.
   *
   * @param maxDatagramBytes what is longer is cut when read, and thereby rejected
   * @param receiveBufferBytes asked of the kernel for each socket
   * @param maxHops TTL of what goes to a group with radius 0, 1 to 255
   */
  public record Options(int maxDatagramBytes, int receiveBufferBytes, int maxHops) {}

  private UdpShell(EventLoop loop, Transport transport, Options options, Counters counters) {
    this.loop = loop;
    this.transport = transport;
    this.options = options;
    this.counters = counters;
    this.discovery = new DiscoverySockets(this, listeners, options.maxHops());
  }

  /**
   * Binds the listen addresses. What arrives waits in the kernel until {@link #open}. Blocks; not
   * for the event loop.
   *
   * @param loop of an event loop group with {@link Transport#ioHandler}
   * @throws BindFailure if one of them cannot be bound; none is bound then
   */
  public static UdpShell bind(
      EventLoop loop,
      Transport transport,
      List<InetSocketAddress> addresses,
      Options options,
      Counters counters)
      throws BindFailure {
    UdpShell shell = new UdpShell(loop, transport, options, counters);
    try {
      for (InetSocketAddress address : addresses) {
        shell.listen(address);
      }
    } catch (BindFailure e) {
      shell.close();
      throw e;
    }
    return shell;
  }

  private void listen(InetSocketAddress address) throws BindFailure {
    ChannelFuture bound = bindTo(address, false);
    InetSocketAddress actual = address;
    if (bound.cause() != null && isWildcardIpv6(address) && !inUse(bound.cause())) {
      // A kernel without IPv6 has no dual-stack socket.
      actual = new InetSocketAddress("0.0.0.0", address.getPort());
      bound = bindTo(actual, false);
    }
    if (bound.cause() != null) {
      throw new BindFailure(address, bound.cause());
    }
    DatagramChannel channel = (DatagramChannel) bound.channel();
    InetSocketAddress local =
        new InetSocketAddress(actual.getAddress(), channel.localAddress().getPort());
    listeners.add(new Listener(listeners.size(), local, channel));
    int given = channel.config().getReceiveBufferSize();
    Logger.info(
        "listening on UDP {}, receive buffer {} KiB ({} asked)",
        NetUtil.toSocketAddressString(local),
        given >> 10,
        options.receiveBufferBytes() >> 10);
  }

  /** Binds a socket that does not read yet; completed when it returns. */
  ChannelFuture bindTo(InetSocketAddress address, boolean shared) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> transport.channel(family))
            .handler(new ChannelInboundHandlerAdapter())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, options.receiveBufferBytes())
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_REUSEADDR, shared)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_LIMIT);
    transport.sizeReads(bootstrap, options.maxDatagramBytes());
    return bootstrap.bind(address).awaitUninterruptibly();
  }

  private static boolean isWildcardIpv6(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address ipv6 && ipv6.isAnyLocalAddress();
  }

  private static boolean inUse(Throwable failure) {
    return BindFailure.reason(failure).startsWith("Address already in use");
  }

  /** Where clients are heard, in the order of the configuration, with the ports really taken. */
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(Listener::local).toList();
  }

  /** The discovery groups of these sockets. */
  public DiscoverySockets discovery() {
    return discovery;
  }

  /** Begins to read. */
  void open(Datagrams sink) {
    discovery.open(sink);
    for (Listener listener : listeners) {
      read(
          listener.channel(), (sender, content) -> sink.unicast(listener.index(), sender, content));
    }
  }

  /** What is done with a datagram of one socket. */
  interface Reader {
    void datagram(InetSocketAddress sender, ByteBuf content);
  }

  void read(Channel channel, Reader reader) {
    channel.pipeline().addLast(new DatagramHandler(reader, counters));
    channel.config().setAutoRead(true);
  }

  @Override
  public void send(ClientAddress address, ToClient message) {
    Octets nodeId = address.nodeId();
    send(address, nodeId == null ? null : new Encapsulation(0, nodeId), message);
  }

  @Override
  public void broadcastVia(ClientAddress via, ToClient message, int radius) {
    Octets nodeId = via.nodeId() == null ? Octets.EMPTY : via.nodeId();
    send(via, new Encapsulation(Math.min(radius, MAX_CTRL_RADIUS), nodeId), message);
  }

  @Override
  public void broadcast(ToClient message, int radius) {
    discovery.broadcast(message, radius);
  }

  private void send(ClientAddress address, @Nullable Encapsulation wrapping, ToClient message) {
    DatagramChannel channel = listeners.get(address.listener()).channel();
    if (write(channel, address.socket(), wrapping, message) && !flushIsDue) {
      flushIsDue = true;
      loop.execute(this::flush);
    }
  }

  /**
   * Sends to a group at once, by this interface; options of the socket hold for what is sent then.
   */
  void sendToGroup(
      Listener listener,
      NetworkInterface egress,
      InetSocketAddress target,
      int hops,
      ToClient message) {
    DatagramChannel channel = listener.channel();
    channel.flush();
    if (target.getAddress().isMulticastAddress()) {
      transport.steer(channel, egress, target.getAddress() instanceof Inet6Address, hops);
    }
    if (write(channel, target, null, message)) {
      channel.flush();
    }
  }

  private boolean write(
      DatagramChannel channel,
      InetSocketAddress target,
      @Nullable Encapsulation wrapping,
      ToClient message) {
    if (!channel.isWritable()) {
      counters.traffic().increment(Traffic.UNSENT);
      return false;
    }
    ByteBuf datagram = channel.alloc().directBuffer(Encoder.encodedLength(message));
    if (wrapping == null) {
      Encoder.encode(message, datagram);
    } else {
      Encoder.encode(wrapping, message, datagram);
    }
    counters.sent().increment(message.type());
    counters.traffic().increment(Traffic.DATAGRAMS_OUT);
    counters.traffic().add(Traffic.OCTETS_OUT, datagram.readableBytes());
    // With the void promise a failure arrives at the handler, which counts it.
    ChannelFuture unused =
        channel.write(new DatagramPacket(datagram, target), channel.voidPromise());
    return true;
  }

  private void flush() {
    flushIsDue = false;
    for (Listener listener : listeners) {
      listener.channel().flush();
    }
  }

  /** Sends what is waiting and closes the sockets. Blocks; not for the event loop. */
  public void close() {
    discovery.close();
    for (Listener listener : listeners) {
      listener.channel().flush();
      listener.channel().close().awaitUninterruptibly();
    }
  }

  /** The end of a socket's pipeline. */
  private static final class DatagramHandler extends ChannelInboundHandlerAdapter {

    private final Reader reader;
    private final Counters counters;

    DatagramHandler(Reader reader, Counters counters) {
      this.reader = reader;
      this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        counters.traffic().increment(Traffic.DATAGRAMS_IN);
        counters.traffic().add(Traffic.OCTETS_IN, packet.content().readableBytes());
        reader.datagram(SocketAddresses.canonical(packet.sender()), packet.content());
      } finally {
        packet.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      counters.traffic().increment(Traffic.SOCKET_ERRORS);
      Logger.debug("{}: {}", context.channel().localAddress(), BindFailure.reason(cause));
    }
  }
}
