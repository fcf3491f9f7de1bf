package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.LinksOnLoop.publish;
import static mqttsn.gateway.broker.VirtualLinks.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.time.Duration;
import mqttsn.codec.Qos;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.junit.jupiter.api.Test;

/** One link over its connections, in virtual time. */
class LinkTest {

  private static final BrokerLink LINK = new BrokerLink(1);
  private static final BrokerSettings SETTINGS =
      TestSettings.maxPacket("2KiB", MqttVersion.MQTT_5, "mqtt://broker");

  private final VirtualLinks links = new VirtualLinks(SETTINGS);
  private final VirtualBroker broker = links.broker;

  /** Counts flushes, and holds them back until it is opened. */
  private static final class Dam extends ChannelOutboundHandlerAdapter {
    private boolean isOpen;
    private int flushes;

    @Override
    public void flush(ChannelHandlerContext context) {
      flushes++;
      if (isOpen) {
        context.flush();
      }
    }
  }

  private void close(Farewell farewell) {
    links.call(all -> all.close(LINK, farewell));
  }

  private static MqttMessageType type(VirtualBroker.Connection connection) {
    return connection.received(MqttMessage.class).fixedHeader().messageType();
  }

  @Test
  void connectsAgainOnlyWhenTheBrokerHasSeenTheEnd() {
    VirtualBroker.Connection first = links.connected(LINK);

    close(Farewell.END_SESSION);
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    assertThat(type(first)).isEqualTo(MqttMessageType.DISCONNECT);
    assertThat(broker.callCount()).isZero();

    first.close();
    broker.call().accept().welcome();
    links.next(LINK, BrokerEvent.Connected.class);
  }

  @Test
  void restsBeforeTheNextConnectionWhenOneAfterTheOtherIsLostSoon() {
    VirtualBroker.Connection connection = links.connected(LINK);
    for (int doubled : new int[] {1, 2, 4, 8, 16, 20, 20}) {
      connection.sendHex("E0 02 8E 00");
      assertThat(links.next(LINK, BrokerEvent.Lost.class).takenOver()).isTrue();
      links.open(LINK, connect("client", Attempts.UNTIL_CLOSED));

      broker.advance(Duration.ofMillis(125L * doubled - 1));
      assertThat(broker.callCount()).isZero();
      broker.advance(Duration.ofMillis(125L * doubled + 1));
      connection = broker.call().accept();
      connection.welcome();
      links.next(LINK, BrokerEvent.Connected.class);
    }
  }

  @Test
  void replacesAConnectionThatHasLastedAtOnce() {
    VirtualBroker.Connection first = links.connected(LINK);
    broker.advance(Duration.ofSeconds(10));
    first.close();
    assertThat(links.next(LINK, BrokerEvent.Lost.class).takenOver()).isFalse();

    links.open(LINK, connect("client", Attempts.UNTIL_CLOSED));

    assertThat(broker.callCount()).isEqualTo(1);
  }

  @Test
  void doesNotRestWhenManyClientsShareIt() {
    for (int i = 0; i < 5; i++) {
      links.open(BrokerLink.GATEWAY, connect("gateway", Attempts.UNTIL_CLOSED));
      assertThat(broker.callCount()).isEqualTo(1);
      VirtualBroker.Connection connection = broker.call().accept();
      connection.welcome();
      links.next(BrokerLink.GATEWAY, BrokerEvent.Connected.class);
      connection.close();
      links.next(BrokerLink.GATEWAY, BrokerEvent.Lost.class);
    }
  }

  @Test
  void restsNoLongerWhenItsClientConnects() {
    links.connected(LINK).close();
    links.next(LINK, BrokerEvent.Lost.class);

    VirtualBroker.Connection connection = links.connected(LINK);
    links.call(all -> all.send(LINK, publish(1, "t", "x", Qos.ONE)));
    assertThat(connection.received(MqttPublishMessage.class)).isNotNull();
  }

  @Test
  void isIdleWhileItRests() {
    links.connected(LINK).close();
    links.next(LINK, BrokerEvent.Lost.class);

    links.call(all -> assertThat(all.idle().isDone()).isTrue());
  }

  @Test
  void waitsThreeSecondsForABrokerThatDoesNotClose() {
    VirtualBroker.Connection first = links.connected(LINK);
    close(Farewell.END_SESSION);
    links.open(LINK, connect("client", Attempts.ONE_ROUND));

    broker.advance(Duration.ofMillis(2_999));
    assertThat(broker.callCount()).isZero();
    broker.advance(Duration.ofMillis(1));

    assertThat(first.isClosed()).isTrue();
    assertThat(broker.callCount()).isEqualTo(1);
  }

  @Test
  void isClosedForGoodWhileItWaitsForTheEnd() {
    VirtualBroker.Connection first = links.connected(LINK);
    close(Farewell.END_SESSION);
    links.open(LINK, connect("client", Attempts.UNTIL_CLOSED));
    close(Farewell.END_SESSION);
    first.close();

    broker.advance(Duration.ofMinutes(1));
    assertThat(broker.callCount()).isZero();
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void abandonsTheConnectionItWaitsForWhenItIsClosed() {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Call call = broker.call();

    close(Farewell.END_SESSION);

    assertThat(call.isAbandoned()).isTrue();
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void saysFarewellEvenBeforeConnAck() {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = broker.call().accept();

    close(Farewell.END_SESSION);

    connection.received(MqttConnectMessage.class);
    assertThat(type(connection)).isEqualTo(MqttMessageType.DISCONNECT);
    broker.advance(Duration.ofSeconds(3));
    assertThat(connection.isClosed()).isTrue();
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void isSilentBetweenItsLossAndItsNextOpening() {
    VirtualBroker.Connection first = links.connected(LINK);
    first.close();
    assertThat(links.next(LINK, BrokerEvent.Lost.class).why())
        .isEqualTo("the broker closed the connection");
    links.call(all -> all.send(LINK, publish(1, "t", "x", Qos.ONE)));
    broker.advance(Duration.ofMinutes(1));
    assertThat(links.next(LINK)).isNull();
    assertThat(broker.callCount()).isZero();

    links.connected(LINK);
    assertThat(links.status().counts().losses()).isEqualTo(1);
    assertThat(links.status().counts().unsendable()).isEqualTo(1);
  }

  @Test
  void hearsNothingOfAConnectionThatItClosed() {
    VirtualBroker.Connection connection = links.connected(LINK);
    close(Farewell.KEEP_SESSION);

    connection.sendHex("30 04 0001 74 78");
    connection.close();

    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void cannotBeOpenedTwice() {
    links.connected(LINK);
    assertThatThrownBy(() -> links.open(LINK, connect("client", Attempts.ONE_ROUND)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void pingsOnlyAfterTheKeepAliveWithoutPackets() {
    VirtualBroker.Connection connection = links.connected(LINK);
    broker.advance(Duration.ofSeconds(59));
    assertThat(connection.received()).isNull();
    links.call(all -> all.send(LINK, publish(1, "t", "x", Qos.ONE)));
    connection.received(MqttPublishMessage.class);
    connection.sendHex("40 02 0001");
    broker.advance(Duration.ofSeconds(59));
    assertThat(connection.received()).isNull();

    broker.advance(Duration.ofSeconds(1));
    assertThat(type(connection)).isEqualTo(MqttMessageType.PINGREQ);
    connection.sendHex("d0 00");
    broker.advance(Duration.ofSeconds(59));
    assertThat(connection.received()).isNull();
  }

  @Test
  void asksABrokerForAnAnswerThatOnlyListens() {
    VirtualBroker.Connection connection = links.connected(LINK);
    int pings = 0;
    for (int i = 0; i < 70; i++) {
      broker.advance(Duration.ofSeconds(1));
      links.call(all -> all.send(LINK, publish(0, "t", "x", Qos.ZERO)));
      for (MqttMessage sent = connection.received(); sent != null; sent = connection.received()) {
        pings += sent.fixedHeader().messageType() == MqttMessageType.PINGREQ ? 1 : 0;
      }
    }

    assertThat(pings).isEqualTo(1);
    assertThat(links.next(LINK, BrokerEvent.Lost.class).why()).startsWith("no answer to PINGREQ");
  }

  @Test
  void losesABrokerThatDoesNotAnswerWithinTheConnectTimeout() {
    VirtualBroker.Connection connection = links.connected(LINK);

    broker.advance(Duration.ofMillis(64_999));
    assertThat(links.next(LINK)).isNull();
    broker.advance(Duration.ofMillis(1));

    assertThat(links.next(LINK, BrokerEvent.Lost.class).why()).startsWith("no answer to PINGREQ");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void anythingThatArrivesCountsAsAnAnswer() {
    VirtualBroker.Connection connection = links.connected(LINK);
    broker.advance(Duration.ofSeconds(61));
    connection.sendHex("30 05 0001 74 00 78");
    links.next(LINK, BrokerEvent.Publish.class);

    broker.advance(Duration.ofSeconds(30));
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void obeysTheKeepAliveOfTheBroker() {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = broker.call().accept();
    MqttProperties properties = new MqttProperties();
    properties.add(new IntegerProperty(MqttProperties.SERVER_KEEP_ALIVE, 10));
    connection.welcome(properties);

    broker.advance(Duration.ofMillis(9_999));
    assertThat(connection.received()).isNull();
    broker.advance(Duration.ofMillis(1));
    assertThat(type(connection)).isEqualTo(MqttMessageType.PINGREQ);
  }

  @Test
  void tellsOfCongestionAndOfItsEnd() {
    VirtualBroker.Connection connection = links.connected(LINK);
    connection.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1_000));
    Dam dam = new Dam();
    connection.channel().pipeline().addFirst(dam);

    links.call(all -> all.send(LINK, publish(1, "t", "x".repeat(800), Qos.ONE)));
    assertThat(links.next(LINK)).isNull();
    links.call(all -> all.send(LINK, publish(2, "t", "x".repeat(800), Qos.ONE)));
    assertThat(links.next(LINK)).isEqualTo(new BrokerEvent.Congestion(true));
    dam.isOpen = true;
    connection.channel().flush();

    assertThat(links.next(LINK)).isEqualTo(new BrokerEvent.Congestion(false));
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void tellsNothingOfCongestionThatTheNextFlushEnds() {
    VirtualBroker.Connection connection = links.connected(LINK);
    connection.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 1_000));

    links.call(
        all -> {
          all.send(LINK, publish(1, "t", "x".repeat(800), Qos.ONE));
          all.send(LINK, publish(2, "t", "x".repeat(800), Qos.ONE));
        });

    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void givesUpABrokerThatDoesNotReadBeforeTheHeapGrowsWithoutBound() {
    VirtualBroker.Connection connection = links.connected(LINK);

    links.call(
        all -> {
          for (int i = 1; i < 2_000; i++) {
            all.send(LINK, publish(i, "t", "x".repeat(1_000), Qos.ONE));
          }
        });

    assertThat(links.next(LINK, BrokerEvent.Lost.class).why()).contains("does not read");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void flushesOncePerTurn() {
    VirtualBroker.Connection connection = links.connected(LINK);
    Dam dam = new Dam();
    connection.channel().pipeline().addFirst(dam);

    links.call(
        all -> {
          for (int i = 1; i <= 100; i++) {
            all.send(LINK, publish(i, "t", "x", Qos.ONE));
          }
        });

    assertThat(dam.flushes).isEqualTo(1);
  }

  @Test
  void finishesTheExchangeOfAnOversizeMessageItself() {
    VirtualBroker.Connection connection = links.connected(LINK);
    // PUBLISH QoS 2 of 3,000 octets where 2 KiB are the limit, topic "t", packet identifier 9.
    connection.sendHex("34 b817 0001 74 0009" + "00".repeat(2_995));
    assertThat(type(connection)).isEqualTo(MqttMessageType.PUBREC);
    connection.sendHex("62 02 0009");
    assertThat(type(connection)).isEqualTo(MqttMessageType.PUBCOMP);
    assertThat(links.next(LINK)).isNull();
    assertThat(links.status().counts().skippedOversize()).isEqualTo(1);

    connection.sendHex("62 02 0009");
    assertThat(links.next(LINK)).isEqualTo(new BrokerEvent.PubRel(9));
  }

  @Test
  void isIdleWhenEveryBrokerHasSeenTheEnd() {
    VirtualBroker.Connection connection = links.connected(LINK);
    boolean[] idle = {false};
    links.call(
        all -> {
          all.close(LINK, Farewell.END_SESSION);
          all.idle().addListener(done -> idle[0] = true);
        });
    assertThat(idle[0]).isFalse();

    connection.close();
    assertThat(idle[0]).isTrue();
  }
}
