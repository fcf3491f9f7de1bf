package mqttsn.gateway.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import mqttsn.daemon.config.ByteSize;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerSettings.Tls;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.MqttVersion;
import org.jspecify.annotations.Nullable;

/** Broker settings as tests need them. */
final class TestSettings {

  static final Tls NO_TLS_FILES = new Tls(null, null, null, true);

  private TestSettings() {}

  static BrokerSettings of(MqttVersion version, String... urls) {
    return maxPacket("256KiB", version, urls);
  }

  static BrokerSettings maxPacket(String size, MqttVersion version, String... urls) {
    return settings(size, version, null, null, NO_TLS_FILES, urls);
  }

  static BrokerSettings tls(Tls tls, String... urls) {
    return settings("256KiB", MqttVersion.MQTT_5, null, null, tls, urls);
  }

  static BrokerSettings withCredentials(String username, Path passwordFile, String... urls) {
    return settings("256KiB", MqttVersion.MQTT_5, username, passwordFile, NO_TLS_FILES, urls);
  }

  static BrokerSettings settings(
      String maxPacket,
      MqttVersion version,
      @Nullable String username,
      @Nullable Path passwordFile,
      Tls tls,
      String... urls) {
    List<BrokerUrl> parsed = Arrays.stream(urls).map(BrokerUrl::parse).toList();
    return new BrokerSettings(
        parsed,
        version,
        username,
        passwordFile,
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        ByteSize.parse(maxPacket),
        tls,
        Configuration.defaults().broker().quic());
  }
}
