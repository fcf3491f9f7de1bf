package mqttsn.gateway.broker.quic;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import mqttsn.gateway.config.QuicSettings;
import org.jspecify.annotations.Nullable;

/**
 * Opens MQTT connections over QUIC: UDP, TLS 1.3 with ALPN {@code mqtt}, and one bidirectional
 * stream, opened by the gateway, for each. A connection has its own UDP socket and survives the
 * change of its address.
 *
 * <p>Everything happens on the one event loop given.
 */
final class QuicTransport {

  static final AttributeKey<Path> PATH = AttributeKey.valueOf(QuicTransport.class, "path");

  private final EventLoop loop;
  private final QuicSettings settings;
  private final @Nullable QuicTls tls;
  private final Routes routes;
  private final LongSupplier clock;
  private @Nullable Path latest;
  private final PathCounters counters = new PathCounters();
  private final Map<InetSocketAddress, RouteWatcher> watchers = new HashMap<>();

  QuicTransport(EventLoop loop, QuicSettings settings, QuicTls tls) {
    this(loop, settings, tls, Routes.ofKernel(settings.interfaces()), System::nanoTime);
  }

  QuicTransport(
      EventLoop loop,
      QuicSettings settings,
      @Nullable QuicTls tls,
      Routes routes,
      LongSupplier clock) {
    this.routes = routes;
    this.loop = loop;
    this.settings = settings;
    this.tls = tls;
    this.clock = clock;
  }

  /** One that can count and nothing else, where there is no native library. */
  static QuicTransport unavailable(EventLoop loop, QuicSettings settings) {
    return new QuicTransport(loop, settings, null, Routes.ofKernel(List.of()), System::nanoTime);
  }

  /**
   * Connects to a broker.
   *
   * @param host the name in the broker's URL, for SNI and the check of the certificate
   * @param broker where that name leads now
   * @param timeout for the handshake; the configured one holds if it is shorter
   * @param listener hears, on the event loop, what happens to the path
   * @return the stream, whose pipeline MQTT then joins; or a {@link QuicFailure}. The pipeline gets
   *     {@code PING_WANTED} when the transport wants proof that the broker is there
   */
  Future<Channel> connect(
      String host, InetSocketAddress broker, Duration timeout, Consumer<PathEvent> listener) {
    Promise<Channel> promise = loop.newPromise();
    inLoop(
        () ->
            dial(host, broker, timeout, routes.to(broker), listener)
                .addListener(
                    (Future<Path> opened) -> {
                      if (opened.isSuccess()) {
                        forward(opened.getNow().openStream(), promise);
                      } else {
                        promise.setFailure(opened.cause());
                      }
                    }));
    return promise;
  }

  /** Tries a handshake and ends it again, to learn whether the broker can be reached over QUIC. */
  Future<Void> probe(String host, InetSocketAddress broker) {
    Promise<Void> promise = loop.newPromise();
    inLoop(() -> forward(probe(host, broker, routes.to(broker)), promise));
    return promise;
  }

  Future<Void> probe(String host, InetSocketAddress broker, List<Uplink> uplinks) {
    Promise<Void> promise = loop.newPromise();
    dial(host, broker, settings.handshakeTimeout(), uplinks, event -> {})
        .addListener(
            (Future<Path> opened) -> {
              if (opened.isSuccess()) {
                opened.getNow().closeSoon();
                promise.setSuccess(null);
              } else {
                promise.setFailure(opened.cause());
              }
            });
    return promise;
  }

  /**
   * The path that the connection of {@code stream} uses now; null if it is none of this transport.
   */
  static @Nullable PathStatus pathOf(Channel stream) {
    Path path = stream.attr(PATH).get();
    return path == null ? null : path.status();
  }

  /** Why the broker ended the connection of {@code stream}, in one line; null if it did not. */
  static @Nullable String endedByBroker(Channel stream) {
    Path path = stream.attr(PATH).get();
    return path == null ? null : path.endedByBroker();
  }

  /** The path that was opened or changed last; null when it has ended. */
  @Nullable PathStatus latest() {
    return latest == null ? null : latest.status();
  }

  void latest(Path path) {
    latest = path;
  }

  void ended(Path path) {
    if (latest == path) {
      latest = null;
    }
  }

  PathCounters counters() {
    return counters;
  }

  EventLoop loop() {
    return loop;
  }

  QuicSettings settings() {
    return settings;
  }

  QuicTls tls() {
    return Objects.requireNonNull(tls, "no native library");
  }

  long now() {
    return clock.getAsLong();
  }

  void watch(InetSocketAddress broker, RouteWatcher.Listener listener) {
    watchers
        .computeIfAbsent(
            broker,
            address -> new RouteWatcher(loop, () -> routes.to(address), settings.watchInterval()))
        .add(listener);
  }

  void unwatch(InetSocketAddress broker, RouteWatcher.Listener listener) {
    RouteWatcher watcher = watchers.get(broker);
    if (watcher != null) {
      watcher.remove(listener);
      if (watcher.isIdle()) {
        watchers.remove(broker);
      }
    }
  }

  private Future<Path> dial(
      String host,
      InetSocketAddress broker,
      Duration timeout,
      List<Uplink> uplinks,
      Consumer<PathEvent> listener) {
    Promise<Path> promise = loop.newPromise();
    if (uplinks.isEmpty()) {
      promise.setFailure(new QuicFailure("no route to " + broker.getAddress().getHostAddress()));
    } else {
      long most = settings.handshakeTimeout().toNanos();
      long deadline = now() + Math.min(most, timeout.toNanos());
      new Dial(host, broker, listener, deadline, promise).begin(uplinks);
    }
    return promise;
  }

  private void inLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private static <T> void forward(Future<T> from, Promise<T> to) {
    from.addListener(
        (Future<T> done) -> {
          if (done.isSuccess()) {
            to.setSuccess(done.getNow());
          } else {
            to.setFailure(done.cause());
          }
        });
  }

  /** A handshake, begun again when the path changes under it: no broker follows before its end. */
  private final class Dial {
    private final String host;
    private final InetSocketAddress broker;
    private final Consumer<PathEvent> listener;
    private final long deadline;
    private final Promise<Path> promise;
    private @Nullable Path current;

    Dial(
        String host,
        InetSocketAddress broker,
        Consumer<PathEvent> listener,
        long deadline,
        Promise<Path> promise) {
      this.host = host;
      this.broker = broker;
      this.listener = listener;
      this.deadline = deadline;
      this.promise = promise;
    }

    void begin(List<Uplink> uplinks) {
      Path path = new Path(QuicTransport.this, host, broker, uplinks, listener, this::beginAgain);
      current = path;
      long left = Math.max(1_000_000, deadline - now());
      watch(broker, path);
      path.open(Duration.ofNanos(left))
          .addListener(
              (Future<Path> opened) -> {
                if (path == current) {
                  finish(opened);
                }
              });
    }

    private void beginAgain() {
      Path before = current;
      current = null;
      if (before != null) {
        before.close();
      }
      List<Uplink> uplinks = routes.to(broker);
      if (uplinks.isEmpty()) {
        promise.setFailure(new QuicFailure("the route was lost during the handshake"));
      } else {
        begin(uplinks);
      }
    }

    private void finish(Future<Path> opened) {
      if (opened.isSuccess()) {
        promise.setSuccess(opened.getNow());
      } else {
        counters.handshakesFailed.increment();
        promise.setFailure(opened.cause());
      }
    }
  }
}
