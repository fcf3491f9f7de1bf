package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.persistentSession;
import static mqttsn.gateway.broker.LinksOnLoop.publish;
import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links to a Mosquitto that dies, hangs and comes back. */
@Tag("machine")
class BrokerOutageIT {

  private static final BrokerLink LINK = new BrokerLink(1);

  @TempDir Path directory;

  private static BrokerConnect patient(String clientId) {
    return new BrokerConnect(clientId, false, false, 30, 100, null, 30, Attempts.UNTIL_CLOSED);
  }

  @Test
  void allLinksComeBackWhenTheBrokerIsRestarted() throws IOException {
    int count = 300;
    try (MosquittoBroker broker = MosquittoBroker.start(directory);
        LinksOnLoop links = new LinksOnLoop(TestSettings.of(MqttVersion.MQTT_5, broker.url()))) {
      for (int i = 1; i <= count; i++) {
        links.open(new BrokerLink(i), transientSession("client-" + i));
      }
      for (int i = 1; i <= count; i++) {
        links.next(new BrokerLink(i), BrokerEvent.Connected.class);
      }
      broker.kill();
      for (int i = 1; i <= count; i++) {
        links.next(new BrokerLink(i), BrokerEvent.Lost.class);
        links.open(new BrokerLink(i), patient("client-" + i));
      }
      broker.restart();
      for (int i = 1; i <= count; i++) {
        links.next(new BrokerLink(i), BrokerEvent.Connected.class);
      }

      BrokerStatus status = links.status();
      assertThat(status.open()).isEqualTo(count);
      assertThat(status.counts().reconnects()).isEqualTo(count);
      assertThat(status.counts().losses()).isEqualTo(count);
    }
  }

  @Test
  void resumesAPersistentSessionAfterARestartOfTheBroker() throws IOException {
    try (MosquittoBroker broker = MosquittoBroker.start(directory);
        LinksOnLoop links = new LinksOnLoop(TestSettings.of(MqttVersion.MQTT_5, broker.url()))) {
      links.connect(LINK, persistentSession("kept"));
      links.send(LINK, LinksOnLoop.subscribe(1, "a", Qos.ONE));
      links.next(LINK, BrokerEvent.SubAck.class);
      broker.stop();
      links.next(LINK, BrokerEvent.Lost.class);
      broker.restart();

      assertThat(links.connect(LINK, persistentSession("kept")).sessionPresent()).isTrue();
    }
  }

  @Test
  void refusesWithinTheConnectTimeoutWhenTheBrokerHangs() throws IOException {
    try (MosquittoBroker broker = MosquittoBroker.start(directory);
        LinksOnLoop links = new LinksOnLoop(TestSettings.of(MqttVersion.MQTT_5, broker.url()))) {
      broker.pause();
      links.open(LINK, transientSession("hangs"));

      BrokerEvent.Refused refused = links.next(LINK, BrokerEvent.Refused.class);
      assertThat(refused.returnCode()).isEqualTo(ReturnCode.CONGESTION);
      assertThat(refused.why()).endsWith("no CONNACK within 5000 ms");
      broker.resume();
      links.connect(LINK, transientSession("hangs"));
    }
  }

  @Test
  void aBrokerThatDoesNotReadIsCongestionAndThenOneLostLink() throws IOException {
    try (MosquittoBroker broker = MosquittoBroker.start(directory);
        LinksOnLoop links = new LinksOnLoop(TestSettings.of(MqttVersion.MQTT_5, broker.url()))) {
      links.connect(LINK, transientSession("unread"));
      broker.pause();
      String large = "x".repeat(50_000);
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                links.send(LINK, publish(0, "a", large, Qos.ZERO));
                return links.waitingEvents(LINK) > 0;
              });
      links.next(LINK, BrokerEvent.Congestion.class);
      // A core that heeds no congestion loses the link, not the heap.
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                links.send(LINK, publish(0, "a", large, Qos.ZERO));
                return links.status().open() == 0;
              });
      broker.resume();
    }
  }

  @Test
  void theBrokerSeesDisconnectWhenALinkIsClosed() throws IOException {
    try (MosquittoBroker broker = MosquittoBroker.start(directory)) {
      try (LinksOnLoop links = new LinksOnLoop(TestSettings.of(MqttVersion.MQTT_5, broker.url()))) {
        links.connect(LINK, transientSession("polite"));
        links.close(LINK, Farewell.END_SESSION);
      }
      await()
          .until(
              () ->
                  broker.logLines().stream()
                      .anyMatch(line -> line.contains("Received DISCONNECT from polite")));
    }
  }
}
