package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.QuicSettings;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.demo.QuicFront;
import mqttsn.gateway.testing.TestPki;
import org.jspecify.annotations.Nullable;

/**
 * A broker behind a QUIC port, a NAT before it, one MQTT connection through both, and an
 * application on the broker's other side; numbers flow in both directions.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class Scene implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Every message's distance to the next in time, in each direction. */
  private static final long PERIOD_MILLIS = 5;

  final TestPki pki;
  final EmbeddedBroker broker;
  final QuicFront front;
  final NatRelay relay;
  final EventLoopGroup group;
  final QuicTransport transport;
  final List<PathEvent> events = new CopyOnWriteArrayList<>();
  final List<Integer> appReceived = new CopyOnWriteArrayList<>();
  final Mqtt3AsyncClient app;
  private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor();
  private @Nullable Channel stream;
  private @Nullable TestClient client;
  private int published;

  /** What differs from one scene to the next. */
  static final class Plan {
    String host = "127.0.0.1";
    String outsideHost = "127.0.0.1";
    boolean nio;
    QuicSettings settings = Configuration.defaults().broker().quic();
    Routes routes = Routes.ofKernel(List.of());
    boolean downlink = true;
  }

  Scene(Path directory, Plan plan) throws Exception {
    pki = new TestPki(directory);
    broker = EmbeddedBroker.start();
    front =
        new QuicFront(
            new InetSocketAddress(InetAddress.getByName(plan.host), 0),
            pki.quicBroker(),
            30_000,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
    relay = new NatRelay(plan.host, plan.outsideHost, front.address());
    IoHandlerFactory io =
        Epoll.isAvailable() && !plan.nio ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, io);
    QuicTls tls =
        new QuicTls(
            pki.caFile(),
            null,
            null,
            true,
            plan.settings.sessionResumption(),
            plan.settings.earlyData());
    transport = new QuicTransport(group.next(), plan.settings, tls, plan.routes, System::nanoTime);
    app =
        Mqtt3Client.builder()
            .identifier("application")
            .serverHost("127.0.0.1")
            .serverPort(broker.port())
            .buildAsync();
    app.connect().get(5, TimeUnit.SECONDS);
    app.subscribeWith()
        .topicFilter("up")
        .qos(MqttQos.AT_LEAST_ONCE)
        .callback(
            publish ->
                appReceived.add(
                    Integer.valueOf(
                        new String(publish.getPayloadAsBytes(), StandardCharsets.US_ASCII))))
        .send()
        .get(5, TimeUnit.SECONDS);
  }

  /** A stream to the broker through the NAT. */
  Future<Channel> dial() {
    return transport.connect("127.0.0.1", relay.address(), PATIENCE, events::add);
  }

  TestClient connect() throws Exception {
    Channel opened = dial().get(10, TimeUnit.SECONDS);
    TestClient started = TestClient.start(opened, "sensor", "down");
    started.connected.get(5, TimeUnit.SECONDS);
    started.subscribed.get(5, TimeUnit.SECONDS);
    stream = opened;
    client = started;
    return started;
  }

  Channel stream() {
    return java.util.Objects.requireNonNull(stream);
  }

  TestClient client() {
    return java.util.Objects.requireNonNull(client);
  }

  PathStatus status() {
    return java.util.Objects.requireNonNull(QuicTransport.pathOf(stream()));
  }

  /**
   * Publishes numbers in both directions, or up only, while {@code event} happens and a while
   * after.
   */
  void underLoad(boolean downlink, ThrowingRunnable event) throws Exception {
    int first = published;
    ScheduledFuture<?> load =
        clockwork.scheduleAtFixedRate(
            () -> publishBothWays(downlink), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    awaitPublished(first + 50);
    event.run();
    awaitPublished(published + 50);
    load.cancel(false);
    clockwork.submit(() -> {}).get();
  }

  private void publishBothWays(boolean downlink) {
    client().publish("up", published);
    if (downlink) {
      app.publishWith()
          .topic("down")
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(Integer.toString(published).getBytes(StandardCharsets.US_ASCII))
          .send();
    }
    published++;
  }

  private void awaitPublished(int number) {
    await().atMost(PATIENCE).until(() -> published >= number);
  }

  /** All numbers arrived once and in order, upward, on one MQTT connection that still stands. */
  void assertNothingLostUpward() {
    List<Integer> all = IntStream.range(0, published).boxed().toList();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(appReceived).hasSizeGreaterThanOrEqualTo(all.size()));
    await().atMost(PATIENCE).until(() -> client().acknowledged.get() >= all.size());
    assertThat(appReceived).isEqualTo(all);
    assertThat(stream().isActive()).isTrue();
    assertThat(front.streams()).as("MQTT connections seen by the broker").isEqualTo(1);
  }

  /** The same in both directions. */
  void assertNothingLost() {
    List<Integer> all = IntStream.range(0, published).boxed().toList();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(client().received).hasSizeGreaterThanOrEqualTo(all.size()));
    assertThat(client().received).isEqualTo(all);
    assertNothingLostUpward();
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
    app.disconnect();
    if (stream != null) {
      stream.close().awaitUninterruptibly(1000);
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    relay.close();
    front.close();
    broker.close();
  }

  interface ThrowingRunnable {
    void run() throws Exception;
  }
}
