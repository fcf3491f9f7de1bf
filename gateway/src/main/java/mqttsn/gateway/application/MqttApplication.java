package mqttsn.gateway.application;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.BrokerUrl.Scheme;
import org.jspecify.annotations.Nullable;

/** An MQTT application at a broker. It speaks MQTT 3.1.1, which every broker understands. */
public final class MqttApplication implements AutoCloseable {

  /** How long the broker may take for an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What the event loop puts before the system's own words. */
  private static final Pattern SYSTEM_CALL = Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

  private final BrokerUrl url;
  private final Mqtt3AsyncClient client;

  private MqttApplication(BrokerUrl url, Mqtt3AsyncClient client) {
    this.url = url;
    this.client = client;
  }

  /**
   * Connects with a clean session to a broker that takes anybody.
   *
   * @throws IOException with one line that names the broker
   */
  public static MqttApplication connect(BrokerUrl url, String clientId) throws IOException {
    return connect(url, null, clientId);
  }

  /**
   * Connects with a clean session.
   *
   * @param access whose user name, password and TLS files count; null for none
   * @throws IOException with one line that names the broker
   */
  public static MqttApplication connect(
      BrokerUrl url, @Nullable BrokerSettings access, String clientId) throws IOException {
    if (url.scheme() == Scheme.MQTT_QUIC) {
      throw new IOException(
          "broker " + url + ": an application speaks no QUIC, expected an mqtt:// URL of it");
    }
    // The client brings its own event loops: epoll sockets never run on a loop of another kind.
    Mqtt3AsyncClient client =
        Mqtt3Client.builder()
            .identifier(clientId)
            .serverHost(url.host())
            .serverPort(url.port())
            .webSocketConfig(url.scheme().isWebSocket() ? webSocket(url) : null)
            .sslConfig(url.scheme().isSecure() ? tls(access) : null)
            .simpleAuth(access == null ? null : login(access))
            .buildAsync();
    MqttApplication application = new MqttApplication(url, client);
    application.await(client.connect());
    return application;
  }

  private static MqttWebSocketConfig webSocket(BrokerUrl url) {
    return MqttWebSocketConfig.builder().serverPath(url.path().substring(1)).build();
  }

  private static MqttClientSslConfig tls(@Nullable BrokerSettings access) throws IOException {
    if (access == null) {
      return MqttClientSslConfig.builder().build();
    }
    Path caFile = access.tls().caFile();
    Path certFile = access.tls().certFile();
    Path keyFile = access.tls().keyFile();
    return MqttClientSslConfig.builder()
        .trustManagerFactory(caFile == null ? null : TlsFiles.trusted(caFile))
        .keyManagerFactory(
            certFile == null || keyFile == null ? null : TlsFiles.own(certFile, keyFile))
        .hostnameVerifier(access.tls().verifyHost() ? null : (host, session) -> true)
        .build();
  }

  private static @Nullable Mqtt3SimpleAuth login(BrokerSettings access) throws IOException {
    String username = access.username();
    Path passwordFile = access.passwordFile();
    if (username == null) {
      return null;
    }
    Mqtt3SimpleAuthBuilder.Complete login = Mqtt3SimpleAuth.builder().username(username);
    if (passwordFile == null) {
      return login.build();
    }
    String password = Files.readString(passwordFile).lines().findFirst().orElse("");
    return login.password(password.getBytes(StandardCharsets.UTF_8)).build();
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
    return message == null ? String.valueOf(reason) : SYSTEM_CALL.matcher(message).replaceFirst("");
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
