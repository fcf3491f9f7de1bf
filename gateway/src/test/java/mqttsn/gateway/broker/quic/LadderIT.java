package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.QuicFront;
import mqttsn.gateway.testing.MosquittoBroker;
import mqttsn.gateway.testing.TestPki;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where QUIC cannot go on, the whole gateway does: no message is lost on the way down the ladder.
 */
@Tag("machine")
@Timeout(90)
final class LadderIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path directory;

  @Test
  void resumesTheSessionOnANewConnectionWhenTheBrokerCannotMigrate() throws Exception {
    try (Ladder ladder = new Ladder(directory)) {
      ladder.relay.noMigration();
      ladder.underLoad(() -> ladder.relay.rebind("127.0.0.2"));
      assertThat(ladder.front.streams()).as("MQTT connections, two at first").isGreaterThan(2);
    }
  }

  @Test
  void deliversEverythingAfterABlackout() throws Exception {
    try (Ladder ladder = new Ladder(directory)) {
      ladder.underLoad(
          () -> {
            ladder.relay.goDark();
            await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
            ladder.relay.goBright();
          });
    }
  }

  private interface Event {
    void happen() throws Exception;
  }

  /** A gateway at a broker over QUIC through a NAT, one client that publishes, one application. */
  private static final class Ladder implements AutoCloseable {
    private final MosquittoBroker broker;
    final QuicFront front;
    final NatRelay relay;
    final RunningGateway gateway;
    private final MqttApplication application;
    private final Set<Integer> arrived = Collections.synchronizedSet(new LinkedHashSet<>());
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    Ladder(Path directory) throws Exception {
      broker = MosquittoBroker.start(directory, "set_tcp_nodelay true");
      TestPki pki = new TestPki(directory);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      front =
          new QuicFront(
              new InetSocketAddress(loopback, 0),
              pki.quicBroker(),
              30_000,
              new InetSocketAddress(loopback, broker.port()));
      relay = new NatRelay("127.0.0.1", "127.0.0.1", front.address());
      gateway =
          RunningGateway.start(
              Configuration.of(
                  """
                  sensors: {listen: ["127.0.0.1:0"]}
                  broker:
                    urls: ["mqtt-quic://127.0.0.1:%d"]
                    tls: {ca-file: "%s"}
                  admin: {listen: null}
                  log: {level: warn}
                  """
                      .formatted(relay.address().getPort(), pki.caFile())),
              List.of());
      application = MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
      application.subscribe(
          "up", Qos.ONE, it -> arrived.add(Integer.valueOf(it.data().toUtf8String())));
    }

    /** One client publishes with QoS 1, while {@code event} happens and a while after. */
    void underLoad(Event event) throws Exception {
      AtomicBoolean stopped = new AtomicBoolean();
      AtomicInteger published = new AtomicInteger();
      Future<?> load =
          threads.submit(
              () -> {
                publish(stopped, published);
                return null;
              });
      await().atMost(PATIENCE).until(() -> published.get() >= 20);
      event.happen();
      int goal = published.get() + 50;
      await().atMost(PATIENCE).until(() -> published.get() >= goal);
      stopped.set(true);
      load.get();
      List<Integer> all = IntStream.range(0, published.get()).boxed().toList();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(arrived).containsExactlyElementsOf(all));
    }

    private void publish(AtomicBoolean stopped, AtomicInteger published) throws Exception {
      ClientSettings settings = new ClientSettings("sensor", Duration.ofSeconds(2), 20);
      try (MqttSnClient client = MqttSnClient.open(settings, gateway.addresses().get(0))) {
        client.connect();
        var topic = client.register("up");
        while (!stopped.get()) {
          client.publish(topic, Qos.ONE, false, Octets.utf8(published.toString()));
          published.incrementAndGet();
        }
        client.disconnect();
      }
    }

    @Override
    public void close() {
      threads.shutdownNow();
      application.close();
      gateway.stop();
      relay.close();
      front.close();
      broker.close();
    }
  }
}
