package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerSettings;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.SubscriptionIdentifiers;
import mqttsn.gateway.session.Will;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each packet as octets, in both directions and both versions of MQTT. */
class PacketsTest {

  private static final BrokerLink LINK = new BrokerLink(1);
  private static final Will WILL = new Will("w", Octets.utf8("bye"), Qos.ONE, true);

  private VirtualLinks links = new VirtualLinks(settings("5"));

  private static BrokerSettings settings(String version) {
    return TestSettings.of(MqttVersion.parse(version), "mqtt://broker");
  }

  private VirtualBroker.Connection connected(String version) {
    links = new VirtualLinks(settings(version));
    return links.connected(LINK);
  }

  private static String hex(VirtualBroker.Connection connection) {
    ByteBuf octets = connection.channel().readOutbound();
    return octets == null ? "" : ByteBufUtil.hexDump(octets);
  }

  private void sends(VirtualBroker.Connection connection, BrokerCommand command, String expected) {
    links.call(all -> all.send(LINK, command));
    assertThat(hex(connection)).as(command.toString()).isEqualTo(expected.replace(" ", ""));
  }

  private void receives(VirtualBroker.Connection connection, String hex, BrokerEvent expected) {
    connection.sendHex(hex);
    assertThat(links.next(LINK)).isEqualTo(expected);
  }

  @Test
  void connectOfVersion5SaysWhatTheLinkWants() {
    BrokerConnect connect =
        new BrokerConnect("c", false, true, 3600, 10, WILL, 30, Attempts.ONE_ROUND);
    links.open(LINK, connect);
    VirtualBroker.Connection connection = links.broker.call().accept();

    // Will, QoS 1, retained; keep alive 60 s; session expiry 3600 s, receive maximum 10, maximum
    // packet size 256 KiB; will delay 30 s.
    assertThat(hex(connection))
        .isEqualTo(
            ("10 29 0004 4d515454 05 2c 003c 0d 11 00000e10 21 000a 27 00040000"
                    + " 0001 63 05 18 0000001e 0001 77 0003 627965")
                .replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource({"true, 2c", "false, 2e"})
  void connectOfVersion311HasCleanSessionUnlessTheSessionIsPersistent(
      boolean persistent, String flags) {
    links = new VirtualLinks(settings("3.1.1"));
    links.open(
        LINK, new BrokerConnect("c", false, persistent, 30, 10, WILL, 30, Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = links.broker.call().accept();

    assertThat(hex(connection))
        .isEqualTo(
            ("10 15 0004 4d515454 04 " + flags + " 003c 0001 63 0001 77 0003 627965")
                .replace(" ", ""));
  }

  @Test
  void connectCarriesCredentials() {
    links =
        new VirtualLinks(settings("3.1.1"), new BrokerSecrets("user", Octets.utf8("secret"), null));
    links.open(LINK, VirtualLinks.connect("c", Attempts.ONE_ROUND));
    MqttConnectMessage connect = links.broker.call().accept().received(MqttConnectMessage.class);

    assertThat(connect.payload().userName()).isEqualTo("user");
    assertThat(connect.payload().passwordInBytes()).asString().isEqualTo("secret");
  }

  @Test
  void commandsOfVersion311AreTheirPackets() {
    VirtualBroker.Connection connection = connected("3.1.1");
    Octets payload = Octets.utf8("x");
    BrokerCommand.Origin origin = new BrokerCommand.Origin("c", 9);

    sends(
        connection,
        new BrokerCommand.Publish(0, "t", payload, Qos.ZERO, false, false, null),
        "30 04 0001 74 78");
    sends(
        connection,
        new BrokerCommand.Publish(5, "t", payload, Qos.ONE, true, true, origin),
        "3b 06 0001 74 0005 78");
    sends(
        connection,
        new BrokerCommand.Publish(5, "t", Octets.EMPTY, Qos.TWO, false, false, null),
        "34 05 0001 74 0005");
    sends(connection, new BrokerCommand.PubAck(5), "40 02 0005");
    sends(connection, new BrokerCommand.PubRec(5), "50 02 0005");
    sends(connection, new BrokerCommand.PubRel(5), "62 02 0005");
    sends(connection, new BrokerCommand.PubComp(5), "70 02 0005");
    sends(
        connection,
        new BrokerCommand.Subscribe(5, "t", Qos.ONE, 7, false),
        "82 06 0005 0001 74 01");
    sends(connection, new BrokerCommand.Unsubscribe(5, "t"), "a2 05 0005 0001 74");
    sends(connection, new BrokerCommand.PingReq(), "c0 00");
    links.call(all -> all.close(LINK, Farewell.END_SESSION));
    assertThat(hex(connection)).isEqualTo("e000");
  }

  @Test
  void commandsOfVersion5AreTheirPackets() {
    VirtualBroker.Connection connection = connected("5");
    BrokerCommand.Origin origin = new BrokerCommand.Origin("c", 9);

    sends(
        connection,
        new BrokerCommand.Publish(5, "t", Octets.utf8("x"), Qos.ONE, true, true, null),
        "3b 07 0001 74 0005 00 78");
    sends(
        connection,
        new BrokerCommand.Publish(5, "t", Octets.utf8("x"), Qos.ONE, false, false, origin),
        "32 24 0001 74 0005 1d 26 0009 636c69656e742d6964 0001 63"
            + " 26 0008 73657175656e6365 0001 39 78");
    sends(connection, new BrokerCommand.PubAck(5), "40 02 0005");
    sends(connection, new BrokerCommand.PubRec(5), "50 02 0005");
    sends(connection, new BrokerCommand.PubRel(5), "62 02 0005");
    sends(connection, new BrokerCommand.PubComp(5), "70 02 0005");
    // Retain handling 0 and 2; subscription identifier 7 and none.
    sends(
        connection,
        new BrokerCommand.Subscribe(5, "t", Qos.TWO, 7, true),
        "82 09 0005 02 0b07 0001 74 02");
    sends(
        connection,
        new BrokerCommand.Subscribe(5, "t", Qos.ONE, 0, false),
        "82 07 0005 00 0001 74 21");
    sends(connection, new BrokerCommand.Unsubscribe(5, "t"), "a2 06 0005 00 0001 74");
    links.call(all -> all.close(LINK, Farewell.END_SESSION));
    assertThat(hex(connection)).isEqualTo("e00700051100000000");
  }

  @Test
  void keepsTheSessionWithAPlainDisconnect() {
    VirtualBroker.Connection connection = connected("5");

    links.call(all -> all.close(LINK, Farewell.KEEP_SESSION));

    assertThat(hex(connection)).isIn("e000", "e0020000");
  }

  @Test
  void packetsOfVersion311AreTheirEvents() {
    VirtualBroker.Connection connection = connected("3.1.1");
    SubscriptionIdentifiers none = SubscriptionIdentifiers.NONE;

    receives(
        connection,
        "30 04 0001 74 78",
        new BrokerEvent.Publish(0, "t", Octets.utf8("x"), Qos.ZERO, false, false, none));
    receives(
        connection,
        "3d 05 0001 74 0005",
        new BrokerEvent.Publish(5, "t", Octets.EMPTY, Qos.TWO, true, true, none));
    receives(connection, "40 02 0005", new BrokerEvent.PubAck(5, ReturnCode.ACCEPTED));
    receives(connection, "50 02 0005", new BrokerEvent.PubRec(5, ReturnCode.ACCEPTED));
    receives(connection, "62 02 0005", new BrokerEvent.PubRel(5));
    receives(connection, "70 02 0005", new BrokerEvent.PubComp(5));
    receives(connection, "90 03 0005 01", new BrokerEvent.SubAck(5, ReturnCode.ACCEPTED, Qos.ONE));
    receives(
        connection, "90 03 0005 80", new BrokerEvent.SubAck(5, ReturnCode.NOT_SUPPORTED, Qos.ZERO));
    receives(connection, "b0 02 0005", new BrokerEvent.UnsubAck(5));
  }

  @Test
  void packetsOfVersion5AreTheirEvents() {
    VirtualBroker.Connection connection = connected("5");

    receives(
        connection,
        "32 0b 0001 74 0005 04 0b07 0b08 78",
        new BrokerEvent.Publish(
            5,
            "t",
            Octets.utf8("x"),
            Qos.ONE,
            false,
            false,
            new SubscriptionIdentifiers(List.of(7, 8))));
    receives(connection, "40 02 0005", new BrokerEvent.PubAck(5, ReturnCode.ACCEPTED));
    // No matching subscribers; quota exceeded; not authorized.
    receives(connection, "40 03 0005 10", new BrokerEvent.PubAck(5, ReturnCode.ACCEPTED));
    receives(connection, "40 03 0005 97", new BrokerEvent.PubAck(5, ReturnCode.CONGESTION));
    receives(connection, "50 03 0005 87", new BrokerEvent.PubRec(5, ReturnCode.NOT_SUPPORTED));
    receives(connection, "62 03 0005 92", new BrokerEvent.PubRel(5));
    receives(connection, "70 03 0005 92", new BrokerEvent.PubComp(5));
    receives(
        connection, "90 04 0005 00 02", new BrokerEvent.SubAck(5, ReturnCode.ACCEPTED, Qos.TWO));
    receives(
        connection, "90 04 0005 00 97", new BrokerEvent.SubAck(5, ReturnCode.CONGESTION, Qos.ZERO));
    receives(connection, "b0 04 0005 00 11", new BrokerEvent.UnsubAck(5));
  }

  @Test
  void pingRespIsToldOnlyWhenTheCoreAsked() {
    VirtualBroker.Connection connection = connected("5");
    connection.channel().pipeline().fireUserEventTriggered(BrokerTransport.Signal.PING_WANTED);
    sends(connection, new BrokerCommand.PingReq(), "c000");

    connection.sendHex("d000");
    assertThat(links.next(LINK)).isNull();
    receives(connection, "d000", new BrokerEvent.PingResp());
    connection.sendHex("d000");
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void connAckOfVersion5SetsTheLimits() {
    links.open(LINK, VirtualLinks.connect("c", Attempts.ONE_ROUND));
    MqttProperties properties = new MqttProperties();
    properties.add(new IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, 20));
    properties.add(new IntegerProperty(MqttProperties.MAXIMUM_QOS, 1));
    properties.add(new IntegerProperty(MqttProperties.RETAIN_AVAILABLE, 0));
    properties.add(new IntegerProperty(MqttProperties.MAXIMUM_PACKET_SIZE, 100));
    properties.add(new IntegerProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0));
    VirtualBroker.Connection connection = links.broker.call().accept();
    connection.welcome(properties);

    assertThat(links.next(LINK, BrokerEvent.Connected.class).limits())
        .isEqualTo(new BrokerLimits(5, 20, Qos.ONE, false, 100));
    sends(
        connection,
        new BrokerCommand.Subscribe(5, "t", Qos.TWO, 7, true),
        "82 07 0005 00 0001 74 02");
  }

  @Test
  void neverWritesWhatTheBrokerSaidIsTooLarge() {
    links.open(LINK, VirtualLinks.connect("c", Attempts.ONE_ROUND));
    MqttProperties properties = new MqttProperties();
    properties.add(new IntegerProperty(MqttProperties.MAXIMUM_PACKET_SIZE, 100));
    VirtualBroker.Connection connection = links.broker.call().accept();
    connection.welcome(properties);

    links.call(all -> all.send(LINK, LinksOnLoop.publish(1, "t", "x".repeat(100), Qos.ONE)));
    links.call(all -> all.send(LINK, LinksOnLoop.publish(2, "t", "x".repeat(80), Qos.ONE)));

    assertThat(connection.received(MqttPublishMessage.class).variableHeader().packetId())
        .isEqualTo(2);
    assertThat(connection.received()).isNull();
    assertThat(links.status().counts().tooLargeForBroker()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // PUBLISH: no topic name, a wildcard in it, QoS 3, packet identifier 0, a length of five octets
    "30 03 0000 00, a PUBLISH without topic name",
    "30 04 0001 23 00, malformed packet",
    "36 06 0001 74 0001 00, malformed packet",
    "32 06 0001 74 0000 00, malformed packet",
    "30 ff ff ff ff 01, a remaining length of five octets",
    // PUBACK with identifier 0, SUBACK with two codes, packets of clients
    "40 02 0000, malformed packet",
    "90 05 0005 00 0101, a SUBACK with 2 reason codes",
    "c0 00, must not send PINGREQ",
    "20 03 00 00 00, must not send CONNACK",
    "f0 00, must not send AUTH",
  })
  void whatABrokerMustNotSendEndsTheConnection(String hex, String why) {
    VirtualBroker.Connection connection = connected("5");

    connection.sendHex(hex);

    assertThat(links.next(LINK, BrokerEvent.Lost.class).why()).contains(why);
    assertThat(connection.isClosed()).isTrue();
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void disconnectOfTheBrokerEndsTheConnectionWithItsReason() {
    VirtualBroker.Connection connection = connected("5");

    connection.sendHex("e0 02 8e 00");

    assertThat(links.next(LINK, BrokerEvent.Lost.class).why())
        .isEqualTo("the broker disconnected: session taken over (0x8E)");
  }

  @ParameterizedTest
  @CsvSource({
    "3.1.1, CONNECTION_REFUSED_IDENTIFIER_REJECTED, NOT_SUPPORTED, identifier rejected (0x02)",
    "3.1.1, CONNECTION_REFUSED_SERVER_UNAVAILABLE, CONGESTION, server unavailable (0x03)",
    "3.1.1, CONNECTION_REFUSED_NOT_AUTHORIZED, NOT_SUPPORTED, not authorized (0x05)",
    "5, CONNECTION_REFUSED_NOT_AUTHORIZED_5, NOT_SUPPORTED, not authorized (0x87)",
    "5, CONNECTION_REFUSED_SERVER_BUSY, CONGESTION, server busy (0x89)",
    "5, CONNECTION_REFUSED_QUOTA_EXCEEDED, CONGESTION, quota exceeded (0x97)",
    "5, CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED, CONGESTION, rate exceeded (0x9F)",
    "5, CONNECTION_REFUSED_BANNED, NOT_SUPPORTED, banned (0x8A)",
  })
  void connAckThatRefusesSaysWhetherTryingLaterHelps(
      String version, MqttConnectReturnCode code, ReturnCode returnCode, String why) {
    links = new VirtualLinks(settings(version));
    links.open(LINK, VirtualLinks.connect("c", Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = links.broker.call().accept();
    connection.received(MqttConnectMessage.class);

    connection.send(VirtualBroker.connAck(code, MqttProperties.NO_PROPERTIES));

    BrokerEvent.Refused refused = links.next(LINK, BrokerEvent.Refused.class);
    assertThat(refused.returnCode()).isEqualTo(returnCode);
    assertThat(refused.why()).endsWith(why);
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void farewellIsTheLastPacket() {
    VirtualBroker.Connection connection = connected("5");
    links.call(
        all -> {
          all.send(LINK, LinksOnLoop.publish(1, "t", "will", Qos.ONE));
          all.close(LINK, Farewell.END_SESSION);
          all.send(LINK, LinksOnLoop.publish(2, "t", "late", Qos.ONE));
        });

    assertThat(connection.received(MqttPublishMessage.class).variableHeader().packetId())
        .isEqualTo(1);
    assertThat(connection.received(MqttMessage.class).fixedHeader().messageType())
        .isEqualTo(MqttMessageType.DISCONNECT);
    assertThat(connection.received()).isNull();
    assertThat(links.status().counts().unsendable()).isEqualTo(1);
  }
}
