package mqttsn.gateway.broker;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The names of brokers, resolved without blocking the event loop. */
public final class BrokerNames {

  private static final Duration DNS_QUERY_TIMEOUT = Duration.ofSeconds(2);

  private BrokerNames() {}

  /** A resolver whose sockets fit {@code loop}. */
  public static AddressResolverGroup<InetSocketAddress> resolvers(IoEventLoop loop) {
    boolean epoll = loop.isIoType(EpollIoHandler.class);
    return new DnsAddressResolverGroup(
        new DnsNameResolverBuilder()
            .datagramChannelType(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
            .socketChannelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .queryTimeoutMillis(DNS_QUERY_TIMEOUT.toMillis()));
  }
}
