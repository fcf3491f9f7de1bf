package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.persistentSession;
import static mqttsn.gateway.broker.LinksOnLoop.publish;
import static mqttsn.gateway.broker.LinksOnLoop.subscribe;
import static mqttsn.gateway.broker.LinksOnLoop.transientSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What links do with any broker; each broker has a subclass. */
abstract class BrokerLinksContract {

  static final BrokerLink LINK = new BrokerLink(1);
  static final BrokerLink OTHER = new BrokerLink(2);

  /** The URL of a broker that takes anybody. */
  abstract String url();

  /** Whom links trust. */
  BrokerSettings.Tls tls() {
    return TestSettings.NO_TLS_FILES;
  }

  final LinksOnLoop links(String version, String... urls) throws IOException {
    return linksWithMaxPacket("256KiB", version, urls);
  }

  private LinksOnLoop linksWithMaxPacket(String maxPacket, String version, String... urls)
      throws IOException {
    return new LinksOnLoop(
        TestSettings.settings(maxPacket, MqttVersion.parse(version), null, null, tls(), urls));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void publishesAndReceivesInAllQos(String version) throws IOException {
    try (LinksOnLoop links = links(version, url())) {
      BrokerEvent.Connected connected = links.connect(LINK, transientSession("all-qos"));
      assertThat(connected.sessionPresent()).isFalse();
      assertThat(connected.limits().mqttVersion()).isEqualTo(version.equals("5") ? 5 : 4);

      links.send(LINK, subscribe(1, "room/+", Qos.TWO));
      BrokerEvent.SubAck subAck = links.next(LINK, BrokerEvent.SubAck.class);
      assertThat(subAck).isEqualTo(new BrokerEvent.SubAck(1, ReturnCode.ACCEPTED, Qos.TWO));

      links.send(LINK, publish(0, "room/a", "zero", Qos.ZERO));
      assertThat(received(links).payload()).isEqualTo(Octets.utf8("zero"));

      links.send(LINK, publish(2, "room/a", "one", Qos.ONE));
      BrokerEvent.Publish one = exchange(links, new BrokerEvent.PubAck(2, ReturnCode.ACCEPTED));
      assertThat(one.payload()).isEqualTo(Octets.utf8("one"));
      links.send(LINK, new BrokerCommand.PubAck(one.packetIdentifier()));

      links.send(LINK, publish(3, "room/a", "two", Qos.TWO));
      BrokerEvent.Publish two = exchange(links, new BrokerEvent.PubComp(3));
      assertThat(two.payload()).isEqualTo(Octets.utf8("two"));
      links.send(LINK, new BrokerCommand.PubRec(two.packetIdentifier()));
      assertThat(links.next(LINK, BrokerEvent.PubRel.class).packetIdentifier())
          .isEqualTo(two.packetIdentifier());
      links.send(LINK, new BrokerCommand.PubComp(two.packetIdentifier()));

      links.send(LINK, new BrokerCommand.Unsubscribe(4, "room/+"));
      assertThat(links.next(LINK, BrokerEvent.UnsubAck.class).packetIdentifier()).isEqualTo(4);
      links.send(LINK, new BrokerCommand.PingReq());
      links.next(LINK, BrokerEvent.PingResp.class);
    }
  }

  @Test
  void tellsWhichSubscriptionsMatched() throws IOException {
    try (LinksOnLoop links = links("5", url())) {
      links.connect(LINK, transientSession("identifiers"));
      links.send(LINK, subscribe(1, "hall/#", Qos.ONE));
      links.next(LINK, BrokerEvent.SubAck.class);
      links.send(LINK, publish(0, "hall/a", "x", Qos.ZERO));

      assertThat(received(links).subscriptionIdentifiers().values()).isIn(List.of(7), List.of());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void resumesAPersistentSession(String version) throws IOException {
    try (LinksOnLoop links = links(version, url())) {
      links.connect(LINK, persistentSession("persistent"));
      links.close(LINK, Farewell.KEEP_SESSION);

      assertThat(links.connect(LINK, persistentSession("persistent")).sessionPresent()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "3.1.1"})
  void acknowledgesAMessageBeyondMaxPacketInsteadOfReceivingItForever(String version)
      throws IOException {
    try (LinksOnLoop links = linksWithMaxPacket("2KiB", version, url());
        LinksOnLoop publisher = links("5", url())) {
      links.connect(LINK, transientSession("small"));
      links.send(LINK, subscribe(1, "large/#", Qos.TWO));
      links.next(LINK, BrokerEvent.SubAck.class);
      publisher.connect(OTHER, transientSession("large"));
      for (Qos qos : List.of(Qos.ZERO, Qos.ONE, Qos.TWO)) {
        publisher.send(OTHER, publish(qos.level(), "large/a", "x".repeat(20_000), qos));
      }
      publisher.send(OTHER, publish(0, "large/a", "small", Qos.ZERO));

      assertThat(received(links).payload()).isEqualTo(Octets.utf8("small"));
    }
  }

  @Test
  void refusesWhenNobodyListensOnAnyUrl() throws IOException {
    try (LinksOnLoop links = links("5", "mqtt://127.0.0.1:1", "mqtt://[::1]:1")) {
      links.open(LINK, transientSession("nobody"));
      BrokerEvent.Refused refused = links.next(LINK, BrokerEvent.Refused.class);
      assertThat(refused.returnCode()).isEqualTo(ReturnCode.CONGESTION);
      assertThat(refused.why()).contains("://", ":1: ");
    }
  }

  @Test
  void failsOverToTheNextUrlAndResolvesNames() throws IOException {
    String byName = url().replace("127.0.0.1", "localhost");
    try (LinksOnLoop links = links("5", "mqtt://does-not-exist.invalid", byName)) {
      links.connect(LINK, transientSession("fail-over"));
      assertThat(links.status().urls())
          .extracting(BrokerStatus.Url::health)
          .containsExactly(BrokerStatus.Health.DOWN, BrokerStatus.Health.UP);
    }
  }

  private static BrokerEvent.Publish received(LinksOnLoop links) {
    return links.next(LINK, BrokerEvent.Publish.class);
  }

  /** Goes on until a publish of ours is acknowledged and has come back, in whichever order. */
  private static BrokerEvent.Publish exchange(LinksOnLoop links, BrokerEvent last) {
    BrokerEvent.Publish message = null;
    boolean isAcknowledged = false;
    while (message == null || !isAcknowledged) {
      BrokerEvent event = links.next(LINK, BrokerEvent.class);
      if (event instanceof BrokerEvent.Publish publish) {
        message = publish;
      } else if (event instanceof BrokerEvent.PubRec pubRec) {
        links.send(LINK, new BrokerCommand.PubRel(pubRec.packetIdentifier()));
      } else {
        assertThat(event).isEqualTo(last);
        isAcknowledged = true;
      }
    }
    return message;
  }
}
