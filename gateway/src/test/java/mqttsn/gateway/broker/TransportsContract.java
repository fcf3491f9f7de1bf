package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.publish;
import static mqttsn.gateway.broker.LinksOnLoop.subscribe;
import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerSettings.Tls;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Links over TLS and WebSocket with any broker; each broker has a subclass. Its certificate names
 * "localhost", and not 127.0.0.1.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransportsContract {

  static final BrokerLink LINK = new BrokerLink(1);

  TestPki pki;
  X509Bundle brokerCertificate;
  private AutoCloseable broker;
  int tlsPort;
  int webSocketPort;

  /** Starts a broker with its certificate and with listeners on the ports that are set. */
  abstract AutoCloseable start(Path directory) throws Exception;

  @BeforeAll
  void startBroker(@TempDir Path directory) throws Exception {
    pki = new TestPki(directory);
    brokerCertificate = pki.issue("localhost");
    tlsPort = FreePort.find();
    webSocketPort = FreePort.find();
    broker = start(directory);
  }

  @AfterAll
  void stopBroker() throws Exception {
    broker.close();
  }

  final Tls trustingCa() throws IOException {
    return new Tls(pki.caFile(), null, null, true);
  }

  final void relays(BrokerSettings settings) throws IOException {
    try (LinksOnLoop links = new LinksOnLoop(settings)) {
      links.connect(LINK, transientSession("relays"));
      links.send(LINK, subscribe(1, "room/a", Qos.ONE));
      links.next(LINK, BrokerEvent.SubAck.class);
      String large = "x".repeat(20_000);
      links.send(LINK, publish(0, "room/a", large, Qos.ZERO));
      assertThat(links.next(LINK, BrokerEvent.Publish.class).payload())
          .isEqualTo(Octets.utf8(large));
    }
  }

  final String refused(BrokerSettings settings) throws IOException {
    try (LinksOnLoop links = new LinksOnLoop(settings)) {
      links.open(LINK, transientSession("refused"));
      BrokerEvent.Refused refused = links.next(LINK, BrokerEvent.Refused.class);
      assertThat(refused.returnCode()).isEqualTo(ReturnCode.CONGESTION);
      return refused.why();
    }
  }

  @Test
  void relaysOverTls() throws IOException {
    relays(TestSettings.tls(trustingCa(), "mqtts://localhost:" + tlsPort));
  }

  @Test
  void relaysOverWebSocket() throws IOException {
    relays(TestSettings.of(MqttVersion.MQTT_5, "ws://localhost:" + webSocketPort));
    relays(TestSettings.of(MqttVersion.MQTT_3_1_1, "ws://localhost:" + webSocketPort));
  }

  @Test
  void refusesABrokerWhoseCertificateNamesAnotherHost() throws IOException {
    String why = refused(TestSettings.tls(trustingCa(), "mqtts://127.0.0.1:" + tlsPort));

    assertThat(why).startsWith("mqtts://127.0.0.1:" + tlsPort + ": TLS: ").contains("127.0.0.1");
  }

  @Test
  void relaysOverTlsWithoutHostCheckWhenToldTo() throws IOException {
    Tls noHostCheck = new Tls(pki.caFile(), null, null, false);

    relays(TestSettings.tls(noHostCheck, "mqtts://127.0.0.1:" + tlsPort));
  }

  @Test
  void refusesABrokerWhoseCertificateNobodyKnows() throws IOException {
    BrokerSettings settings =
        TestSettings.tls(TestSettings.NO_TLS_FILES, "mqtts://localhost:" + tlsPort);

    assertThat(refused(settings)).contains("TLS: ");
  }

  @Test
  void saysSoWhenTheBrokerSpeaksNoTls() throws IOException {
    BrokerSettings settings = TestSettings.tls(trustingCa(), "mqtts://localhost:" + webSocketPort);

    assertThat(refused(settings)).startsWith("mqtts://localhost:" + webSocketPort + ": ");
  }
}
