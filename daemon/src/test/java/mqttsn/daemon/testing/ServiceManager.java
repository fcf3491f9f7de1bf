package mqttsn.daemon.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The service manager's end of a notify socket, with what it was told. */
public final class ServiceManager implements AutoCloseable {

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Channel socket;

  private ServiceManager(String path) {
    socket =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new Ear())
            .bind(new DomainSocketAddress(path))
            .syncUninterruptibly()
            .channel();
  }

  /**
   * Binds the socket and listens.
   *
   * @param path in the file system, or behind a NUL an abstract name
   */
  public static ServiceManager at(String path) {
    return new ServiceManager(path);
  }

  /** What it was told so far, a datagram each. */
  public List<String> told() {
    return told;
  }

  /** Reads no more, so that the socket fills up. */
  public void goDeaf() {
    socket.config().setAutoRead(false);
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Ear extends SimpleChannelInboundHandler<DomainDatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
      told.add(packet.content().toString(StandardCharsets.UTF_8));
    }
  }
}
