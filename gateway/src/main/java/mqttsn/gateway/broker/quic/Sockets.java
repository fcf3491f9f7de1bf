package mqttsn.gateway.broker.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Opens the UDP sockets that lie behind an {@link AnchorChannel}. */
final class Sockets {

  /** More than any QUIC datagram on the internet. */
  static final int MAX_DATAGRAM_BYTES = 2048;

  private static final int DATAGRAMS_A_READ = 8;

  private static final int SOL_SOCKET = 1;
  private static final int SO_BINDTODEVICE_NUMBER = 25;
  private static final int IFNAMSIZ = 16;
  private static final ChannelOption<ByteBuffer> SO_BINDTODEVICE =
      new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE_NUMBER, IFNAMSIZ);

  private Sockets() {}

  /**
   * Opens an unconnected socket of the family of {@code broker}: bound to the wildcard address, so
   * that the kernel follows the route, or to the interface that {@code uplink} names.
   */
  static ChannelFuture open(
      EventLoop loop, Uplink uplink, InetAddress broker, ChannelHandler handler) {
    boolean ipv6 = broker instanceof Inet6Address;
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    ChannelFactory<Channel> factory =
        epoll ? () -> new EpollDatagramChannel(family) : () -> new NioDatagramChannel(family);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(factory)
            .handler(handler)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(
                    epoll ? DATAGRAMS_A_READ * MAX_DATAGRAM_BYTES : MAX_DATAGRAM_BYTES));
    if (epoll) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM_BYTES);
    }
    if (uplink.followsRoute()) {
      return bootstrap.bind(new InetSocketAddress(wildcard(ipv6), 0));
    }
    if (epoll) {
      bootstrap.option(SO_BINDTODEVICE, interfaceName(uplink.interfaceName()));
      return bootstrap.bind(new InetSocketAddress(wildcard(ipv6), 0));
    }
    // Without epoll a socket cannot be bound to an interface, only to its address.
    return bootstrap.bind(new InetSocketAddress(uplink.source(), 0));
  }

  private static String wildcard(boolean ipv6) {
    return ipv6 ? "::" : "0.0.0.0";
  }

  private static ByteBuffer interfaceName(String name) {
    ByteBuffer padded = ByteBuffer.allocate(IFNAMSIZ);
    padded.put(name.getBytes(StandardCharsets.US_ASCII));
    return padded.position(0);
  }
}
