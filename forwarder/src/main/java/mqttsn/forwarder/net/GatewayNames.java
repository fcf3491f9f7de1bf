package mqttsn.forwarder.net;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.net.Transport;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The addresses of the configured gateways. Names are resolved again every minute, so that a
 * gateway may move; what does not resolve keeps the address that it had. Used in the event loop
 * only.
 */
final class GatewayNames {

  private static final long INTERVAL_SECONDS = 60;

  /** While a name has no address yet, such as before the network is up. */
  private static final long FIRST_INTERVAL_SECONDS = 5;

  private final EventLoop loop;
  private final Transport transport;
  private final List<Endpoint> endpoints;
  private final Consumer<List<InetSocketAddress>> listener;
  private final @Nullable InetSocketAddress[] addresses;

  /** The names that did not resolve the last time: the log has one line until they do. */
  private final Set<Endpoint> unresolved = new HashSet<>();

  private int unanswered;
  private @Nullable DnsNameResolver resolver;
  private @Nullable ScheduledFuture<?> next;

  /**
   * @param listener is told the addresses, in the order of the endpoints, after each resolution
   */
  GatewayNames(
      EventLoop loop,
      Transport transport,
      List<Endpoint> endpoints,
      Consumer<List<InetSocketAddress>> listener) {
    this.loop = loop;
    this.transport = transport;
    this.endpoints = endpoints;
    this.listener = listener;
    this.addresses = new @Nullable InetSocketAddress[endpoints.size()];
  }

  void resolve() {
    for (int i = 0; i < endpoints.size(); i++) {
      Endpoint endpoint = endpoints.get(i);
      InetAddress literal = NetUtil.createInetAddressFromIpAddressString(endpoint.host());
      if (literal != null) {
        addresses[i] = new InetSocketAddress(literal, endpoint.port());
      } else {
        unanswered++;
        ask(i, endpoint);
      }
    }
    if (unanswered == 0) {
      tell();
    }
  }

  private void ask(int index, Endpoint endpoint) {
    resolver()
        .resolve(endpoint.host())
        .addListener((Future<InetAddress> answer) -> answered(index, endpoint, answer));
  }

  /** The last answer counts for all: the preferred gateway may be the last to resolve. */
  private void answered(int index, Endpoint endpoint, Future<InetAddress> answer) {
    if (answer.isSuccess()) {
      addresses[index] = new InetSocketAddress(answer.getNow(), endpoint.port());
      if (unresolved.remove(endpoint)) {
        Logger.info("gateway {} resolves", endpoint);
      }
    } else if (unresolved.add(endpoint)) {
      Logger.warn("gateway {} does not resolve: {}", endpoint, answer.cause().getMessage());
    }
    if (--unanswered == 0 && !loop.isShuttingDown()) {
      tell();
      boolean isComplete = Arrays.stream(addresses).noneMatch(Objects::isNull);
      long seconds = isComplete ? INTERVAL_SECONDS : FIRST_INTERVAL_SECONDS;
      next = loop.schedule(this::resolve, seconds, TimeUnit.SECONDS);
    }
  }

  private DnsNameResolver resolver() {
    DnsNameResolver resolver = this.resolver;
    if (resolver == null) {
      resolver =
          new DnsNameResolverBuilder(loop)
              .datagramChannelFactory(() -> transport.channel(SocketProtocolFamily.INET))
              .build();
      this.resolver = resolver;
    }
    return resolver;
  }

  private void tell() {
    List<InetSocketAddress> known = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      if (address != null && !known.contains(address)) {
        known.add(address);
      }
    }
    if (!known.isEmpty()) {
      listener.accept(known);
    }
  }

  void close() {
    if (next != null) {
      next.cancel(false);
    }
    if (resolver != null) {
      resolver.close();
    }
  }
}
