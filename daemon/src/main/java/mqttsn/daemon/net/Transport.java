package mqttsn.daemon.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How datagrams get from and to the kernel. */
public enum Transport {
  /** Linux: recvmmsg and sendmmsg move many datagrams with one system call. */
  EPOLL {
    @Override
    public String description() {
      return "epoll with recvmmsg, up to " + DATAGRAMS_A_READ + " datagrams a system call";
    }

    @Override
    public IoHandlerFactory ioHandler() {
      return EpollIoHandler.newFactory();
    }

    @Override
    public DatagramChannel channel(SocketProtocolFamily family) {
      return new EpollDatagramChannel(family);
    }

    @Override
    DatagramChannel inherited(int descriptor) {
      return new EpollDatagramChannel(descriptor);
    }

    // Never together with UDP_GRO: coalesced datagrams would arrive as one.
    @Override
    void sizeReads(Bootstrap bootstrap, int maxDatagramBytes) {
      bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, maxDatagramBytes)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new DatagramBuffer(maxDatagramBytes, DATAGRAMS_A_READ));
    }

    // A dual-stack socket has one set of options for each protocol; Netty's own set only IPv6's.
    @Override
    void steer(DatagramChannel channel, NetworkInterface egress, boolean ipv6, int hops) {
      if (ipv6) {
        channel.config().setOption(IPV6_MULTICAST_IF, egress.getIndex());
        channel.config().setOption(IPV6_MULTICAST_HOPS, hops);
      } else {
        ByteBuffer mreqn = ByteBuffer.allocateDirect(IP_MREQN_BYTES).order(ByteOrder.nativeOrder());
        mreqn.putInt(IP_MREQN_BYTES - Integer.BYTES, egress.getIndex());
        channel.config().setOption(IP_MULTICAST_IF, mreqn);
        channel.config().setOption(IP_MULTICAST_TTL, hops);
      }
    }
  },

  /** Anywhere: one system call a datagram. */
  NIO {
    @Override
    public String description() {
      return "NIO, one datagram a system call: " + whyNoEpoll();
    }

    @Override
    public IoHandlerFactory ioHandler() {
      return NioIoHandler.newFactory();
    }

    @Override
    public DatagramChannel channel(SocketProtocolFamily family) {
      return new NioDatagramChannel(family);
    }

    @Override
    DatagramChannel inherited(int descriptor) {
      throw new UnsupportedOperationException("only epoll can take it over");
    }

    @Override
    void sizeReads(Bootstrap bootstrap, int maxDatagramBytes) {
      bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new ReceiveBuffer(maxDatagramBytes, 1));
    }

    @Override
    void steer(DatagramChannel channel, NetworkInterface egress, boolean ipv6, int hops) {
      channel.config().setNetworkInterface(egress);
      channel.config().setTimeToLive(hops);
    }
  };

  private static final int DATAGRAMS_A_READ = 32;

  /** {@code struct ip_mreqn}: group, local address, interface index. */
  private static final int IP_MREQN_BYTES = 12;

  // <linux/in.h> and <linux/in6.h>
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final RawUnixChannelOption IP_MULTICAST_IF =
      new RawUnixChannelOption("IP_MULTICAST_IF", IPPROTO_IP, 32, IP_MREQN_BYTES);
  private static final IntegerUnixChannelOption IP_MULTICAST_TTL =
      new IntegerUnixChannelOption("IP_MULTICAST_TTL", IPPROTO_IP, 33);
  private static final IntegerUnixChannelOption IPV6_MULTICAST_IF =
      new IntegerUnixChannelOption("IPV6_MULTICAST_IF", IPPROTO_IPV6, 17);
  private static final IntegerUnixChannelOption IPV6_MULTICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_MULTICAST_HOPS", IPPROTO_IPV6, 18);

  /** The best that this machine has. */
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** What it is, for the operator. */
  public abstract String description();

  /** For the event loop that the sockets belong to. */
  public abstract IoHandlerFactory ioHandler();

  /** A socket that is not bound. */
  public abstract DatagramChannel channel(SocketProtocolFamily family);

  /** A channel on a socket that is bound already. */
  abstract DatagramChannel inherited(int descriptor);

  /** Makes a read take as many datagrams as possible and cut what is too large. */
  abstract void sizeReads(Bootstrap bootstrap, int maxDatagramBytes);

  /** Sets where the multicast that is sent next leaves, and how far it goes, 1 to 255 hops. */
  abstract void steer(DatagramChannel channel, NetworkInterface egress, boolean ipv6, int hops);

  private static String whyNoEpoll() {
    Throwable cause = Epoll.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "chosen" : "there is no epoll here (" + cause.getMessage() + ")";
  }
}
