package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.demo.QuicFront;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.testing.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuicLinksIT extends BrokerLinksContract {

  private TestPki pki;
  private Path caFile;
  private EmbeddedBroker broker;
  private QuicFront front;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    pki = new TestPki(directory);
    caFile = pki.caFile();
    broker = EmbeddedBroker.start();
    front = front(0);
  }

  @AfterAll
  void stop() {
    front.close();
    broker.close();
  }

  @Override
  String url() {
    return "mqtt-quic://127.0.0.1:" + front.address().getPort();
  }

  @Override
  BrokerSettings.Tls tls() {
    return new BrokerSettings.Tls(caFile, null, null, true);
  }

  @Test
  void goesDownToTcpWhenQuicFailsAndBackWhenItAnswersAgain() throws Exception {
    QuicFront first = front(0);
    int port = first.address().getPort();
    BrokerSettings settings =
        Configuration.of(
                """
                broker:
                  urls: ["mqtt-quic://127.0.0.1:%d", "mqtt://127.0.0.1:%d"]
                  tls: {ca-file: "%s"}
                  quic: {handshake-timeout: 2s, idle-timeout: 2s, keep-alive: 1s, return-interval: 1s}
                """
                    .formatted(port, broker.port(), caFile))
            .broker();
    try (LinksOnLoop links = new LinksOnLoop(settings)) {
      links.connect(LINK, LinksOnLoop.persistentSession("climber"));
      first.close();
      links.next(LINK, BrokerEvent.Lost.class);
      links.connect(LINK, LinksOnLoop.persistentSession("climber"));
      assertThat(scheme(links)).isEqualTo(BrokerUrl.Scheme.MQTT);

      try (QuicFront again = front(port)) {
        assertThat(links.next(LINK, BrokerEvent.Lost.class).why()).startsWith("going back to ");
        assertThat(links.connect(LINK, LinksOnLoop.persistentSession("climber")).sessionPresent())
            .isTrue();
        await().atMost(Duration.ofSeconds(5)).until(() -> again.streams() > 0);
        assertThat(scheme(links)).isEqualTo(BrokerUrl.Scheme.MQTT_QUIC);
      }
    }
  }

  private static BrokerUrl.Scheme scheme(LinksOnLoop links) {
    return links.status().urls().stream()
        .filter(url -> url.connections() > 0)
        .map(url -> url.url().scheme())
        .findFirst()
        .orElseThrow();
  }

  private QuicFront front(int port) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new QuicFront(
        new InetSocketAddress(loopback, port),
        pki.quicBroker(),
        30_000,
        new InetSocketAddress(loopback, broker.port()));
  }
}
