package mqttsn.daemon.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFactory;
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
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * A bound UDP socket of an event loop. Reads never stop; what is sent during one turn of the loop
 * leaves at its end, with one system call for many datagrams. No error closes it. Binding, joining
 * and closing block and are not for the loop; sending is for the loop alone.
 */
public final class UdpSocket {

  /** What may wait for a kernel that takes no more; later datagrams are not sent. */
  private static final WriteBufferWaterMark UNSENT_LIMIT =
      new WriteBufferWaterMark(1 << 20, 4 << 20);

  /**
   * What a socket is made with.
   *
   * @param maxDatagramBytes what is longer is cut when read
   * @param receiveBufferBytes asked of the kernel
   * @param shared whether others on this machine may bind the same address, as for a group
   */
  public record Options(int maxDatagramBytes, int receiveBufferBytes, boolean shared) {}

  /** Takes what arrives, in the event loop. */
  public interface Reader {

    /**
     * A datagram.
     *
     * @param content valid during the call
     */
    void datagram(InetSocketAddress sender, ByteBuf content);

    /** An error of the socket, such as a refused datagram; the socket lives on. */
    void failed(Throwable cause);
  }

  private final Transport transport;
  private final DatagramChannel channel;
  private final InetSocketAddress local;
  private boolean flushIsDue;

  private UdpSocket(Transport transport, DatagramChannel channel, InetAddress address) {
    this.transport = transport;
    this.channel = channel;
    this.local = new InetSocketAddress(address, channel.localAddress().getPort());
  }

  /**
   * Binds a socket. What arrives waits in the kernel until {@link #read}.
   *
   * @param loop of a group with {@link Transport#ioHandler}
   * @param address port 0 is any free one
   */
  public static UdpSocket bind(
      EventLoop loop, Transport transport, InetSocketAddress address, Options options)
      throws BindFailure {
    ChannelFuture bound = tryToBind(loop, transport, address, options);
    InetSocketAddress actual = address;
    if (bound.cause() != null && isWildcardIpv6(address) && !isInUse(bound.cause())) {
      // A kernel without IPv6 has no dual-stack socket.
      actual = new InetSocketAddress("0.0.0.0", address.getPort());
      bound = tryToBind(loop, transport, actual, options);
    }
    if (bound.cause() != null) {
      throw new BindFailure(NetUtil.toSocketAddressString(address), bound.cause());
    }
    return new UdpSocket(transport, (DatagramChannel) bound.channel(), actual.getAddress());
  }

  /**
   * Takes over a socket that is bound already, by a service manager.
   *
   * @param descriptor its file descriptor
   */
  public static UdpSocket adopt(
      EventLoop loop, Transport transport, int descriptor, Options options) throws BindFailure {
    ChannelFuture registered =
        bootstrap(loop, transport, options, () -> transport.inherited(descriptor))
            .register()
            .awaitUninterruptibly();
    if (registered.cause() != null) {
      throw new BindFailure("inherited socket " + descriptor, registered.cause());
    }
    DatagramChannel channel = (DatagramChannel) registered.channel();
    return new UdpSocket(transport, channel, channel.localAddress().getAddress());
  }

  private static ChannelFuture tryToBind(
      EventLoop loop, Transport transport, InetSocketAddress address, Options options) {
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET;
    return bootstrap(loop, transport, options, () -> transport.channel(family))
        .bind(address)
        .awaitUninterruptibly();
  }

  private static Bootstrap bootstrap(
      EventLoop loop,
      Transport transport,
      Options options,
      ChannelFactory<DatagramChannel> channels) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(channels)
            .handler(new ChannelInboundHandlerAdapter())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, options.receiveBufferBytes())
            .option(ChannelOption.SO_BROADCAST, true)
            .option(ChannelOption.SO_REUSEADDR, options.shared())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_LIMIT);
    transport.sizeReads(bootstrap, options.maxDatagramBytes());
    return bootstrap;
  }

  private static boolean isWildcardIpv6(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address ipv6 && ipv6.isAnyLocalAddress();
  }

  private static boolean isInUse(Throwable failure) {
    return BindFailure.reason(failure).startsWith("Address in use");
  }

  /** Where it is bound, with the port that was really taken. */
  public InetSocketAddress local() {
    return local;
  }

  /** What the kernel gives to hold datagrams that are not read yet, in octets. */
  public int receiveBufferBytes() {
    return channel.config().getReceiveBufferSize();
  }

  /** Where buffers for {@link #send} come from. */
  public ByteBufAllocator alloc() {
    return channel.alloc();
  }

  /** Whether datagrams to that address can leave here; a wildcard IPv6 socket speaks IPv4 too. */
  public boolean speaks(InetAddress address) {
    boolean isIpv4Socket = local.getAddress() instanceof Inet4Address;
    return address instanceof Inet4Address
        ? isIpv4Socket || local.getAddress().isAnyLocalAddress()
        : !isIpv4Socket;
  }

  /** Begins to read; once. */
  public void read(Reader reader) {
    channel.pipeline().addLast(new DatagramHandler(reader));
    channel.config().setAutoRead(true);
  }

  /** Sends by the end of this turn of the loop; false if too much is waiting. Takes the buffer. */
  public boolean send(InetSocketAddress target, ByteBuf datagram) {
    if (!channel.isWritable()) {
      datagram.release();
      return false;
    }
    // With the void promise a failure arrives at the reader.
    var unused = channel.write(new DatagramPacket(datagram, target), channel.voidPromise());
    if (!flushIsDue) {
      flushIsDue = true;
      channel.eventLoop().execute(this::flush);
    }
    return true;
  }

  /**
   * Sends to a group at once; false if too much is waiting. Takes the buffer.
   *
   * @param egress the interface by which it leaves
   * @param hops TTL or hop limit, 1 to 255
   */
  public boolean sendToGroup(
      InetSocketAddress group, NetworkInterface egress, int hops, ByteBuf datagram) {
    // The options hold for what is sent next, so what waits has to leave before.
    channel.flush();
    if (group.getAddress().isMulticastAddress()) {
      transport.steer(channel, egress, group.getAddress() instanceof Inet6Address, hops);
    }
    boolean isSent = send(group, datagram);
    channel.flush();
    return isSent;
  }

  /** Completes when the group is joined on the interface, or cannot be. */
  ChannelFuture join(InetAddress group, NetworkInterface networkInterface) {
    return channel.joinGroup(group, networkInterface, null).awaitUninterruptibly();
  }

  private void flush() {
    flushIsDue = false;
    channel.flush();
  }

  /** Sends what is waiting and closes the socket. */
  public void close() {
    channel.flush();
    channel.close().awaitUninterruptibly();
  }

  /** The end of the pipeline. */
  private static final class DatagramHandler extends ChannelInboundHandlerAdapter {

    private final Reader reader;

    DatagramHandler(Reader reader) {
      this.reader = reader;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        reader.datagram(SocketAddresses.canonical(packet.sender()), packet.content());
      } finally {
        packet.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      reader.failed(cause);
    }
  }
}
