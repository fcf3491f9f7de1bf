package mqttsn.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code broker}: how the broker is reached.
 *
 * @param urls tried in this order
 * @param mqttVersion the first one that is tried; a broker that refuses 5 is spoken to in 3.1.1
 * @param passwordFile holds the password in its first line
 * @param connectTimeout for one attempt, from name resolution to CONNACK
 * @param keepAlive of each broker connection, whatever the Duration of its client
 * @param grace how long a client stays connected while its broker connection is being restored
 * @param maxPacket largest MQTT packet that is accepted from the broker
 */
public record BrokerSettings(
    @Default("mqtt://127.0.0.1:1883") List<BrokerUrl> urls,
    @Default("5") MqttVersion mqttVersion,
    @Nullable String username,
    @Nullable Path passwordFile,
    @Default("5s") @Between(min = "100ms", max = "5m") Duration connectTimeout,
    @Default("60s") @Between(min = "1s", max = "18h") Duration keepAlive,
    @Default("30s") @Between(min = "0s", max = "1d") Duration grace,
    @Default("256KiB") @Between(min = "1KiB", max = "256MiB") ByteSize maxPacket,
    Tls tls,
    QuicSettings quic) {

  /**
   * The section {@code broker.tls}, for {@code mqtts}, {@code wss} and {@code mqtt-quic}.
   *
   * @param caFile certificates that may sign the broker's, PEM; null for those of the Java runtime
   * @param certFile our own certificate chain, PEM; null for none
   * @param keyFile the key to it, PKCS #8 in PEM, without a passphrase
   * @param verifyHost whether the broker's certificate must name the host of the URL
   */
  public record Tls(
      @Nullable Path caFile,
      @Nullable Path certFile,
      @Nullable Path keyFile,
      @Default("true") boolean verifyHost) {

    public Tls {
      if ((certFile == null) != (keyFile == null)) {
        throw new IllegalArgumentException("expected cert-file and key-file together, or neither");
      }
    }
  }

  public BrokerSettings {
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("urls: expected at least one URL");
    }
    if (passwordFile != null && username == null) {
      throw new IllegalArgumentException("password-file: expected none without a username");
    }
  }
}
