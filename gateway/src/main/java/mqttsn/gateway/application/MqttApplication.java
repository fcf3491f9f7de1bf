package mqttsn.gateway.application;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.config.BrokerUrl;
import org.jspecify.annotations.Nullable;

/** An MQTT application at a broker. It speaks MQTT 3.1.1, which every broker understands. */
public final class MqttApplication implements AutoCloseable {

  /** How long the broker may take for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BrokerUrl url;
  private final Mqtt3AsyncClient client;

  private MqttApplication(BrokerUrl url, Mqtt3AsyncClient client) {
    this.url = url;
    this.client = client;
  }

  /**
   * Connects with a clean session.
   *
   * @throws IOException with one line that names the broker
   */
  public static MqttApplication connect(BrokerUrl url, String clientId) throws IOException {
    // The client brings its own event loops: epoll sockets never run on a loop of another kind.
    Mqtt3AsyncClient client =
        Mqtt3Client.builder()
            .identifier(clientId)
            .serverHost(url.host())
            .serverPort(url.port())
            .buildAsync();
    MqttApplication application = new MqttApplication(url, client);
    application.await(client.connect());
    return application;
  }

  /**
   * Subscribes; returns when the broker has granted it.
   *
   * @param listener called by one of the application's threads
   */
  public void subscribe(String topicFilter, Qos qos, Consumer<Arrived> listener)
      throws IOException {
    await(
        client
            .subscribeWith()
            .topicFilter(topicFilter)
            .qos(mqttQos(qos))
            .callback(publish -> listener.accept(arrived(publish)))
            .send());
  }

  /** Publishes; returns when the broker has acknowledged it. */
  public void publish(String topicName, Qos qos, boolean retain, Octets data) throws IOException {
    await(
        client
            .publishWith()
            .topic(topicName)
            .qos(mqttQos(qos))
            .retain(retain)
            .payload(data.toByteArray())
            .send());
  }

  @Override
  public void close() {
    try {
      await(client.disconnect());
    } catch (IOException e) {
      // The broker is gone, and with it the connection.
    }
  }

  private <T> T await(CompletableFuture<T> answer) throws IOException {
    try {
      return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException("broker " + url + ": " + words(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("broker " + url + ": no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("broker " + url + ": interrupted", e);
    }
  }

  /** The innermost reason: what wraps it only repeats it. */
  private static String words(@Nullable Throwable failure) {
    Throwable reason = failure;
    while (reason != null && reason.getCause() != null) {
      reason = reason.getCause();
    }
    String message = reason == null ? null : reason.getMessage();
    return message == null ? String.valueOf(reason) : message;
  }

  private static Arrived arrived(Mqtt3Publish publish) {
    return new Arrived(
        publish.getTopic().toString(),
        Qos.ofLevel(publish.getQos().getCode()),
        publish.isRetain(),
        Octets.of(publish.getPayloadAsBytes()));
  }

  private static MqttQos mqttQos(Qos qos) {
    return switch (qos) {
      case ZERO -> MqttQos.AT_MOST_ONCE;
      case ONE -> MqttQos.AT_LEAST_ONCE;
      case TWO -> MqttQos.EXACTLY_ONCE;
      case MINUS_ONE -> throw new IllegalArgumentException("MQTT has no QoS -1");
    };
  }
}
