package mqttsn.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.demo.EmbeddedBroker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokersIT {

  @TempDir Path directory;

  @Test
  void embeddedBrokerRelaysAMessage() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      relays(broker.port());
    }
  }

  @Test
  @Tag("machine")
  void mosquittoRelaysAMessageAlsoAfterItWasKilledAndPaused() throws Exception {
    try (MosquittoBroker broker = MosquittoBroker.start(directory)) {
      relays(broker.port());
      broker.kill();
      broker.restart();
      broker.pause();
      broker.resume();
      relays(broker.port());
      assertThat(broker.logLines()).anyMatch(line -> line.contains("New client connected"));
    }
  }

  private static void relays(int port) throws InterruptedException {
    Mqtt5BlockingClient client =
        MqttClient.builder()
            .useMqttVersion5()
            .serverHost("127.0.0.1")
            .serverPort(port)
            .buildBlocking();
    client.connect();
    try (Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("a/+").qos(MqttQos.AT_LEAST_ONCE).send();
      client.publishWith().topic("a/b").payload("x".getBytes(StandardCharsets.UTF_8)).send();
      Optional<Mqtt5Publish> received = publishes.receive(5, TimeUnit.SECONDS);
      assertThat(received).map(publish -> publish.getTopic().toString()).contains("a/b");
    } finally {
      client.disconnect();
    }
  }
}
