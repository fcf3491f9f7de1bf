package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mqttsn.codec.Octets;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerSettings.Tls;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.testing.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerSecretsTest {

  @TempDir Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("file"), content);
  }

  private static void refused(BrokerSettings settings, String... message) {
    assertThatThrownBy(() -> BrokerSecrets.read(settings))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "secret\n", "secret\r\n"})
  void passwordIsTheFileWithoutItsLastLineBreak(String content) throws IOException {
    BrokerSettings settings =
        TestSettings.withCredentials("user", file(content), "mqtt://localhost");

    BrokerSecrets secrets = BrokerSecrets.read(settings);

    assertThat(secrets.username()).isEqualTo("user");
    assertThat(secrets.password()).isEqualTo(Octets.utf8("secret"));
    assertThat(secrets.toString()).doesNotContain(Octets.utf8("secret").toString());
  }

  @Test
  void readsTlsFilesOnlyForUrlsThatNeedThem() throws IOException {
    BrokerSettings plain = TestSettings.of(MqttVersion.MQTT_5, "mqtt://a", "ws://b");
    BrokerSettings secure = TestSettings.of(MqttVersion.MQTT_5, "mqtt://a", "wss://b");

    assertThat(BrokerSecrets.read(plain).tls()).isNull();
    assertThat(BrokerSecrets.read(secure).tls()).isNotNull();
  }

  @Test
  void namesTheKeyAndTheFileThatCannotBeUsed() throws Exception {
    TestPki pki = new TestPki(directory);
    var issued = pki.issue("gateway");
    Path missing = directory.resolve("missing");
    Path garbage = file("garbage");
    Path certificate = pki.certFile(issued, "gateway");
    Path key = pki.keyFile(issued, "gateway");

    refused(
        TestSettings.withCredentials("user", missing, "mqtt://localhost"),
        "broker.password-file",
        missing.toString());
    refused(
        TestSettings.tls(new Tls(missing, null, null, true), "mqtts://localhost"),
        "broker.tls.ca-file",
        missing.toString());
    refused(
        TestSettings.tls(new Tls(garbage, null, null, true), "mqtts://localhost"),
        "broker.tls.ca-file",
        garbage.toString(),
        "expected certificates in PEM");
    refused(
        TestSettings.tls(new Tls(null, certificate, garbage, true), "mqtts://localhost"),
        "broker.tls.key-file",
        garbage.toString(),
        "PKCS#8");
    assertThat(
            BrokerSecrets.read(
                    TestSettings.tls(new Tls(null, certificate, key, true), "mqtts://localhost"))
                .tls())
        .isNotNull();
  }
}
