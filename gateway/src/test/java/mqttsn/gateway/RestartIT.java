package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With {@code sessions.file} nobody notices that the gateway ended and began again. */
@Tag("machine")
@Timeout(120)
class RestartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path folder;

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private MosquittoBroker broker;
  private MqttApplication application;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker = MosquittoBroker.start(folder);
    application = MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
    application.subscribe("up/#", Qos.ONE, arrived::add);
  }

  @AfterEach
  void stopTheOthers() {
    application.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({
    "transparent, TERM",
    "transparent, KILL",
    "aggregating, TERM",
    "aggregating, KILL",
  })
  void goesOnWithActiveAndSleepingClients(String mode, String signal) throws Exception {
    GatewaySite site = new GatewaySite(folder, broker.url());
    String[] settings = {"gateway: {mode: " + mode + "}", "sessions: {file: sessions}"};
    try (MqttSnClient sleeper = MqttSnClient.open(ClientSettings.of("sleeper"), site.address());
        MqttSnClient sensor = MqttSnClient.open(ClientSettings.of("sensor"), site.address())) {
      NormalId topic;
      try (GatewayProcess first = site.start(settings)) {
        sleeper.connect(false, Duration.ofMinutes(1));
        sleeper.subscribe(new Named("down/cmd"), Qos.ONE);
        sleeper.sleep(Duration.ofMinutes(5));
        sensor.connect(false, Duration.ofMinutes(1));
        topic = sensor.register("up/temp");
        sensor.publish(topic, Qos.TWO, false, Octets.utf8("1"));
        application.publish("down/cmd", Qos.ONE, false, Octets.utf8("before"));
        assertThat(next()).isEqualTo("1");
        settleOnDisk(sensor);
        first.signal(signal);
        first.exitCode();
      }

      application.publish("down/cmd", Qos.ONE, false, Octets.utf8("meanwhile"));
      try (GatewayProcess second = site.start(settings)) {
        second.awaitLine("broker " + broker.url() + " is up");
        sensor.publish(topic, Qos.ONE, false, Octets.utf8("2"));
        sensor.publish(topic, Qos.TWO, false, Octets.utf8("3"));
        assertThat(next()).isEqualTo("2");
        assertThat(next()).isEqualTo("3");

        sleeper.wake();
        assertThat(payload(sleeper)).isEqualTo("before");
        assertThat(payload(sleeper)).isEqualTo("meanwhile");
        second.signal("TERM");
        assertThat(second.exitCode()).isZero();
      }
    }
  }

  /** What is written behind has been written when ten more of its intervals have passed. */
  private static void settleOnDisk(MqttSnClient sensor) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (System.nanoTime() < end) {
      sensor.ping();
    }
  }

  private String next() throws InterruptedException {
    Arrived message = arrived.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return message == null ? "nothing" : message.data().toUtf8String();
  }

  private static String payload(MqttSnClient client) {
    Received message = client.receive(PATIENCE);
    return message == null ? "nothing" : message.data().toUtf8String();
  }
}
