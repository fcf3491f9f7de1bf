package mqttsn.gateway.broker;

import static mqttsn.gateway.broker.VirtualLinks.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.MqttVersion;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who connects when, where to and in which version, in virtual time. */
class ConnectsTest {

  private static final BrokerLink LINK = new BrokerLink(1);

  private VirtualLinks links = links("mqtt://one");

  private static VirtualLinks links(String... urls) {
    return new VirtualLinks(TestSettings.of(MqttVersion.MQTT_5, urls));
  }

  private void open(int first, int count, Attempts attempts) {
    for (int i = 0; i < count; i++) {
      links.open(new BrokerLink(first + i), connect("client-" + (first + i), attempts));
    }
  }

  private static MqttConnectReturnCode refused(String name) {
    return MqttConnectReturnCode.valueOf("CONNECTION_REFUSED_" + name);
  }

  /** The name of the host that the next attempt goes to, which fails. */
  private String refusedHost() {
    VirtualBroker.Call call = links.broker.call();
    call.refuse();
    return call.url.host();
  }

  /** Accepts whatever waits, and the client ids in the order in which they came. */
  private List<String> acceptAll() {
    List<String> clientIds = new ArrayList<>();
    while (links.broker.callCount() > 0) {
      MqttConnectMessage connect = links.broker.call().accept().welcome();
      clientIds.add(connect.payload().clientIdentifier());
    }
    return clientIds;
  }

  @ParameterizedTest
  // CONNACK of version 5, CONNACK of version 3.1.1, nothing but the end.
  @ValueSource(strings = {"20 03 00 84 00", "20 02 00 01", ""})
  void fallsBackToVersion311AndRemembersIt(String answer) {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection first = links.broker.call().accept();
    assertThat(first.received(MqttConnectMessage.class).variableHeader().version()).isEqualTo(5);
    if (answer.isEmpty()) {
      first.close();
    } else {
      first.sendHex(answer);
    }
    assertThat(links.broker.call().accept().welcome().variableHeader().version()).isEqualTo(4);
    assertThat(links.next(LINK, BrokerEvent.Connected.class).limits())
        .isEqualTo(BrokerLimits.MQTT_3_1_1);

    open(2, 1, Attempts.ONE_ROUND);
    assertThat(links.broker.call().accept().welcome().variableHeader().version()).isEqualTo(4);
    links.broker.advance(Duration.ofHours(1));
    open(3, 1, Attempts.ONE_ROUND);
    assertThat(links.broker.call().accept().welcome().variableHeader().version()).isEqualTo(5);
  }

  @Test
  void doesNotTakeABrokerThatClosesOnEverythingForOneOfVersion311() {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    links.broker.call().accept().close();
    links.broker.call().accept().close();
    assertThat(links.next(LINK, BrokerEvent.Refused.class).returnCode())
        .isEqualTo(ReturnCode.CONGESTION);

    open(2, 1, Attempts.ONE_ROUND);
    assertThat(links.broker.call().accept().welcome().variableHeader().version()).isEqualTo(5);
  }

  @Test
  void endsARoundBeforeTheClientAsksAgainWhenNoUrlAnswers() {
    links = links("mqtt://one", "mqtts://two", "ws://three");
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      VirtualBroker.Call call = links.broker.call();
      hosts.add(call.url.host());
      assertThat(call.timeout).isEqualTo(Duration.ofSeconds(3));
      links.broker.advance(call.timeout);
      assertThat(call.isAbandoned()).isTrue();
    }

    assertThat(hosts).containsExactly("one", "two", "three");
    assertThat(links.next(LINK, BrokerEvent.Refused.class))
        .isEqualTo(
            new BrokerEvent.Refused(
                ReturnCode.CONGESTION, "ws://three:80/mqtt: no connection within 3000 ms"));
  }

  @Test
  void givesUpABrokerThatSendsNoConnAck() {
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection connection = links.broker.call().accept();
    links.broker.advance(Duration.ofSeconds(5));

    assertThat(connection.isClosed()).isTrue();
    assertThat(links.next(LINK, BrokerEvent.Refused.class).why())
        .isEqualTo("mqtt://one:1883: no CONNACK within 5000 ms");
  }

  @Test
  void triesAUrlThatJustFailedLast() {
    links = links("mqtt://one", "mqtt://two");
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    assertThat(refusedHost()).isEqualTo("one");
    links.broker.call().accept().welcome();

    open(2, 1, Attempts.ONE_ROUND);
    VirtualBroker.Call call = links.broker.call();
    assertThat(call.url.host()).isEqualTo("two");
    call.accept().welcome();
    links.broker.advance(Duration.ofSeconds(30));
    open(3, 1, Attempts.ONE_ROUND);
    assertThat(links.broker.call().url.host()).isEqualTo("one");
  }

  @Test
  void goesOnToTheNextUrlWhenABrokerIsBusyButNotWhenItRefusesTheClient() {
    links = links("mqtt://one", "mqtt://two");
    links.open(LINK, connect("client", Attempts.ONE_ROUND));
    VirtualBroker.Connection busy = links.broker.call().accept();
    busy.received(MqttConnectMessage.class);
    busy.send(VirtualBroker.connAck(refused("SERVER_BUSY"), MqttProperties.NO_PROPERTIES));
    VirtualBroker.Connection strict = links.broker.call().accept();
    strict.received(MqttConnectMessage.class);
    strict.send(VirtualBroker.connAck(refused("BANNED"), MqttProperties.NO_PROPERTIES));

    assertThat(links.next(LINK, BrokerEvent.Refused.class).returnCode())
        .isEqualTo(ReturnCode.NOT_SUPPORTED);
    assertThat(links.status().urls())
        .extracting(BrokerStatus.Url::health)
        .containsExactly(BrokerStatus.Health.DOWN, BrokerStatus.Health.UP);
  }

  @Test
  void probesADeadUrlWithOneLinkAtATimeAndGrowingPauses() {
    open(1, 1_000, Attempts.UNTIL_CLOSED);
    int first = 0;
    while (links.broker.callCount() > 0) {
      links.broker.call().refuse();
      first++;
    }
    assertThat(first).isLessThanOrEqualTo(48);

    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      while (links.broker.callCount() == 0) {
        links.broker.advance(Duration.ofMillis(5));
      }
      assertThat(links.broker.callCount()).isEqualTo(1);
      times.add(links.broker.now());
      links.broker.call().refuse();
    }
    long last = times.get(7) - times.get(6);
    assertThat(last).isBetween(2_500_000_000L, 5_010_000_000L);
    assertThat(times.get(1) - times.get(0)).isLessThan(last);
    assertThat(links.next(LINK)).isNull();
  }

  @Test
  void letsEverybodyBackAtTheirPaceInOrderWhenTheUrlWorksAgain() {
    open(1, 3_000, Attempts.UNTIL_CLOSED);
    while (links.broker.callCount() > 0) {
      links.broker.call().refuse();
    }
    links.broker.advance(Duration.ofSeconds(1));
    long begin = links.broker.now();
    List<String> clientIds = new ArrayList<>();
    while (clientIds.size() < 3_000) {
      assertThat(links.broker.callCount()).isLessThanOrEqualTo(50);
      clientIds.addAll(acceptAll());
      links.broker.advance(Duration.ofMillis(1));
    }

    assertThat(links.broker.now() - begin).isBetween(2_900_000_000L, 3_500_000_000L);
    assertThat(clientIds).doesNotHaveDuplicates();
    int firstToComeBack = Integer.parseInt(clientIds.get(0).substring("client-".length()));
    assertThat(clientIds.get(100)).isEqualTo("client-" + (firstToComeBack + 100));
    assertThat(links.status().open()).isEqualTo(3_000);
    assertThat(links.status().counts().connects()).isEqualTo(3_000);
    assertThat(links.status().counts().reconnects()).as("nothing was lost before").isZero();
  }

  @Test
  void newClientsGoBeforeThoseThatComeBack() {
    links.call(
        all -> {
          for (int i = 1; i <= 500; i++) {
            all.open(new BrokerLink(i), connect("old-" + i, Attempts.UNTIL_CLOSED));
          }
          all.open(new BrokerLink(501), connect("new", Attempts.ONE_ROUND));
        });

    assertThat(acceptAll()).startsWith("new", "old-1", "old-2");
  }

  @Test
  void keepsFreeAttemptsForNewClientsWhileOldOnesHang() {
    open(1, 500, Attempts.UNTIL_CLOSED);
    links.broker.advance(Duration.ofMillis(500));
    assertThat(links.broker.callCount()).isEqualTo(48);

    open(501, 1, Attempts.ONE_ROUND);
    assertThat(links.broker.callCount()).isEqualTo(49);
  }

  @Test
  void refusesAClientWhoseTurnDoesNotComeInTime() {
    open(1, 300, Attempts.ONE_ROUND);
    links.broker.advance(Duration.ofSeconds(9));

    for (int i = 1; i <= 300; i++) {
      BrokerEvent.Refused refused = links.next(new BrokerLink(i), BrokerEvent.Refused.class);
      assertThat(refused.returnCode()).isEqualTo(ReturnCode.CONGESTION);
    }
    assertThat(links.broker.callCount()).isZero();
  }

  @Test
  void aPatientLinkThatIsRefusedTriesAgainLaterWithoutHarmToOthers() {
    links.open(LINK, connect("unwanted", Attempts.UNTIL_CLOSED));
    VirtualBroker.Connection connection = links.broker.call().accept();
    connection.received(MqttConnectMessage.class);
    connection.send(
        VirtualBroker.connAck(refused("NOT_AUTHORIZED_5"), MqttProperties.NO_PROPERTIES));
    assertThat(links.next(LINK)).isNull();
    assertThat(links.broker.callCount()).isZero();
    open(2, 1, Attempts.UNTIL_CLOSED);
    links.broker.call().accept().welcome();

    links.broker.advance(Duration.ofMillis(250));
    assertThat(links.broker.call().accept().welcome().payload().clientIdentifier())
        .isEqualTo("unwanted");
    links.next(LINK, BrokerEvent.Connected.class);
  }

  @Test
  void aClosedLinkIsNotTriedAgain() {
    open(1, 2, Attempts.UNTIL_CLOSED);
    links.broker.call().refuse();
    links.broker.call().refuse();
    links.call(all -> all.close(LINK, Farewell.END_SESSION));
    links.call(all -> all.close(new BrokerLink(2), Farewell.END_SESSION));

    links.broker.advance(Duration.ofMinutes(1));
    assertThat(links.broker.callCount()).isZero();
  }

  @Test
  void statusCountsWhatIsOpenWhatTriesAndWhatWaits() {
    links.open(BrokerLink.GATEWAY, connect("gateway", Attempts.UNTIL_CLOSED));
    links.broker.call().accept().welcome();
    open(1, 100, Attempts.ONE_ROUND);
    links.broker.advance(Duration.ofMillis(100));

    BrokerStatus status = links.status();
    assertThat(status.own())
        .isEqualTo(new BrokerStatus.Own(BrokerUrl.parse("mqtt://one"), 5, Duration.ofMillis(100)));
    assertThat(status.open()).isEqualTo(1);
    assertThat(status.connecting()).isEqualTo(64);
    assertThat(status.waiting()).isEqualTo(36);
    assertThat(status.urls().get(0).connections()).isEqualTo(1);
  }
}
