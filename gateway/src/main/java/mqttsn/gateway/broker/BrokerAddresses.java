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
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.config.BrokerUrl;

/**
 * The addresses of brokers: names are resolved without blocking the event loop, and the addresses
 * of a host are tried one after the other, until one is reached.
 */
public final class BrokerAddresses {

  private static final Duration DNS_QUERY_TIMEOUT = Duration.ofSeconds(2);

  /** How a transport connects. */
  public interface Way {
    /**
     * Begins to connect.
     *
     * @param nanos how long it may take
     * @param failed is called in the event loop if it comes to nothing
     */
    void connect(InetSocketAddress address, long nanos, Consumer<Throwable> failed);
  }

  private final IoEventLoop loop;
  private final AddressResolverGroup<InetSocketAddress> resolvers;

  public BrokerAddresses(IoEventLoop loop) {
    this.loop = loop;
    boolean epoll = loop.isIoType(EpollIoHandler.class);
    this.resolvers =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder()
                .datagramChannelType(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .socketChannelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .queryTimeoutMillis(DNS_QUERY_TIMEOUT.toMillis()));
  }

  /**
   * Tries the addresses of a URL's host until {@code connected} is done; each has its share of the
   * time that is left.
   *
   * @param connected fails when the name or the last address does
   */
  @SuppressWarnings("FutureReturnValueIgnored") // The listener is told.
  public void reach(BrokerUrl url, Duration timeout, Promise<?> connected, Way way) {
    long deadlineNanos = loop.ticker().nanoTime() + timeout.toNanos();
    resolvers
        .getResolver(loop)
        .resolveAll(InetSocketAddress.createUnresolved(url.host(), url.port()))
        .addListener(
            (Future<List<InetSocketAddress>> resolved) -> {
              if (resolved.isSuccess()) {
                reach(resolved.getNow(), deadlineNanos, connected, way);
              } else {
                connected.tryFailure(resolved.cause());
              }
            });
  }

  private void reach(
      List<InetSocketAddress> addresses, long deadlineNanos, Promise<?> connected, Way way) {
    if (connected.isDone()) {
      return;
    }
    long leftNanos = deadlineNanos - loop.ticker().nanoTime();
    way.connect(
        addresses.get(0),
        leftNanos / addresses.size(),
        why -> {
          if (addresses.size() > 1) {
            reach(addresses.subList(1, addresses.size()), deadlineNanos, connected, way);
          } else {
            connected.tryFailure(why);
          }
        });
  }
}
