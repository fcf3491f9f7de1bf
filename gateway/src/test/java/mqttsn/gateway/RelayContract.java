package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What clients and an MQTT application can expect of each other, on IPv4 (listener 0) and IPv6
 * (listener 1), in MQTT 5 and 3.1.1; each broker has a subclass.
 */
@Timeout(60)
abstract class RelayContract {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final PredefinedId STATUS = new PredefinedId(10);

  @TempDir Path folder;

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private @Nullable RunningGateway gateway;
  private MqttApplication application;

  /** The URL of a broker that takes anybody. */
  abstract String url();

  @BeforeEach
  void connectTheApplication() throws Exception {
    application = MqttApplication.connect(BrokerUrl.parse(url()), "application");
  }

  @AfterEach
  void stop() {
    application.close();
    if (gateway != null) {
      gateway.stop();
    }
  }

  private InetSocketAddress start(String mqttVersion, int listener) throws Exception {
    Path topics = Files.writeString(folder.resolve("topics.csv"), "*, plant/status, 10\n");
    RunningGateway started =
        RunningGateway.start(
            Configuration.of(
                """
                gateway: {name: relay-gateway}
                admin: {listen: null}
                sensors: {listen: ["127.0.0.1:0", "[::1]:0"]}
                topics: {predefined: %s}
                broker: {urls: ["%s"], mqtt-version: %s}
                """
                    .formatted(topics, url(), mqttVersion)),
            List.of());
    gateway = started;
    await().until(() -> started.eventLoop().submit(started::status).get().contains("up"));
    return started.addresses().get(listener);
  }

  private static MqttSnClient client(InetSocketAddress gateway) throws Exception {
    MqttSnClient client = MqttSnClient.open(ClientSettings.of("sens1"), gateway);
    client.connect();
    return client;
  }

  private @Nullable Arrived nextArrived() throws InterruptedException {
    return arrived.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "5, 1", "3.1.1, 0"})
  void whatAClientPublishesReachesTheApplicationInEveryQos(String mqttVersion, int listener)
      throws Exception {
    application.subscribe("plant/#", Qos.TWO, arrived::add);
    application.subscribe("t1", Qos.TWO, arrived::add);

    try (MqttSnClient client = client(start(mqttVersion, listener))) {
      for (Qos qos : List.of(Qos.ZERO, Qos.ONE, Qos.TWO)) {
        Octets data = Octets.utf8("at " + qos);
        client.publish("plant/temp", qos, false, data);
        assertThat(nextArrived()).isEqualTo(new Arrived("plant/temp", qos, false, data));
        client.publish(STATUS, qos, false, data);
        assertThat(nextArrived()).isEqualTo(new Arrived("plant/status", qos, false, data));
        client.publish(new ShortName("t1"), qos, false, data);
        assertThat(nextArrived()).isEqualTo(new Arrived("t1", qos, false, data));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "5, 1", "3.1.1, 0"})
  void aMessageWithoutAConnectionReachesTheApplication(String mqttVersion, int listener)
      throws Exception {
    application.subscribe("plant/#", Qos.ONE, arrived::add);

    InetSocketAddress address = start(mqttVersion, listener);
    try (MqttSnClient client = MqttSnClient.open(ClientSettings.of("nobody"), address)) {
      client.publish(STATUS, Qos.MINUS_ONE, false, Octets.utf8("on"));

      assertThat(nextArrived())
          .isEqualTo(new Arrived("plant/status", Qos.ZERO, false, Octets.utf8("on")));
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "5, 1", "3.1.1, 0"})
  void whatTheApplicationPublishesReachesTheClientInEveryQos(String mqttVersion, int listener)
      throws Exception {
    try (MqttSnClient client = client(start(mqttVersion, listener))) {
      assertThat(client.subscribe(new Named("orders/#"), Qos.TWO).qos()).isEqualTo(Qos.TWO);

      for (Qos qos : List.of(Qos.ZERO, Qos.ONE, Qos.TWO)) {
        Octets data = Octets.utf8("at " + qos);
        application.publish("orders/" + qos, qos, false, data);

        Received received = Objects.requireNonNull(client.receive(PATIENCE));
        assertThat(received.topicName()).isEqualTo("orders/" + qos);
        assertThat(received.qos()).isEqualTo(qos);
        assertThat(received.data()).isEqualTo(data);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0", "3.1.1, 1"})
  void aRetainedMessageReachesTheClientThatSubscribesLater(String mqttVersion, int listener)
      throws Exception {
    Octets data = Octets.utf8("kept");
    application.publish("kept/" + mqttVersion, Qos.ONE, true, data);

    try (MqttSnClient client = client(start(mqttVersion, listener))) {
      assertThat(client.subscribe(new Named("kept/" + mqttVersion), Qos.ONE).topicId())
          .isPositive();

      Received received = Objects.requireNonNull(client.receive(PATIENCE));
      assertThat(received.retain()).isTrue();
      assertThat(received.data()).isEqualTo(data);
    }
  }
}
