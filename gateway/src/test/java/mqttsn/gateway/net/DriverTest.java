package mqttsn.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.MessageType;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.Reject;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.Notice;
import mqttsn.gateway.session.SubscriptionIdentifiers;
import mqttsn.gateway.session.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver on a real core, in the virtual time of an embedded event loop. */
class DriverTest implements ClientPort, BrokerPort {

  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 5000);
  private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.2", 5000);
  private static final String CONNECT = "0B0404 01003C 73656E7331";
  private static final String SUBSCRIBE_SHORT_NAME = "0712 22 0001 7431";
  private static final String PINGREQ = "0216";
  private static final int RANDOM_DATAGRAMS = 1_000_000;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Counters counters = new Counters();
  private final List<String> happened = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final Driver driver;
  private final Datagrams datagrams;
  private boolean isRecording = true;
  private boolean sendingFails;

  DriverTest() {
    channel.freezeTime();
    long now = channel.eventLoop().ticker().nanoTime();
    Gateway gateway = new Gateway(new TestSettings().build(), now);
    driver =
        new Driver(
            gateway,
            this,
            this,
            notices::add,
            counters,
            SessionPort.NOWHERE,
            QueuePort.NONE,
            channel.eventLoop());
    datagrams = driver.datagrams();
    driver.start();
    // The broker is reachable: the first ADVERTISE leaves.
    pass(1);
    happened.clear();
  }

  @Override
  public void send(ClientAddress address, ToClient message) {
    record("to " + address.socket().getPort() + " " + message);
    if (sendingFails) {
      throw new IllegalStateException("a fault that a test asked for");
    }
  }

  @Override
  public void broadcastVia(ClientAddress via, ToClient message, int radius) {
    record("via " + via + " " + message + " radius " + radius);
  }

  @Override
  public void broadcast(ToClient message, int radius) {
    record("to all " + message + " radius " + radius);
  }

  /** A broker that accepts at once, from within the call. */
  @Override
  public void open(BrokerLink link, BrokerConnect connect) {
    record("open " + link.number() + " for " + connect.clientId());
    driver.fromBroker(link, new BrokerEvent.Connected(false, BrokerLimits.MQTT_3_1_1));
    record("opened " + link.number());
  }

  @Override
  public void send(BrokerLink link, BrokerCommand command) {
    record("on " + link.number() + " " + command.getClass().getSimpleName());
    if (command instanceof BrokerCommand.Subscribe subscribe) {
      driver.fromBroker(
          link, new BrokerEvent.SubAck(subscribe.packetIdentifier(), ReturnCode.ACCEPTED, Qos.ONE));
    }
  }

  @Override
  public void close(BrokerLink link, Action.Farewell farewell) {
    record("close " + link.number());
  }

  private void record(String line) {
    if (isRecording) {
      happened.add(line);
    }
  }

  private void receive(InetSocketAddress from, String hex) {
    datagrams.unicast(0, from, octets(hex));
  }

  private static ByteBuf octets(String hex) {
    return Octets.hex(hex.replace(" ", "")).toByteBuf();
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    long unused = channel.runScheduledPendingTasks();
  }

  @Test
  void performsAllActionsOfOneInputBeforeTheNext() {
    receive(CLIENT, CONNECT);

    assertThat(happened)
        .containsExactly("open 1 for sens1", "opened 1", "to 5000 ConnAck[returnCode=ACCEPTED]");
  }

  @Test
  void wakesTheCoreWhenItsDeadlineIsDue() {
    receive(CLIENT, CONNECT);
    receive(CLIENT, SUBSCRIBE_SHORT_NAME);
    happened.clear();

    driver.fromBroker(
        new BrokerLink(1),
        new BrokerEvent.Publish(
            7, "t1", Octets.utf8("x"), Qos.ONE, false, false, SubscriptionIdentifiers.NONE));
    assertThat(happened).singleElement().asString().contains("Publish[dup=false");

    // tRetry is 10 s
    pass(9);
    assertThat(happened).hasSize(1);
    pass(1);
    assertThat(happened).hasSize(2).last().asString().contains("Publish[dup=true");
    assertThat(counters.tallies().of(Action.Tally.RETRANSMISSION)).isEqualTo(1);
  }

  @Test
  void aTimerThatIsDueTooEarlyWaitsForTheDeadlineThatMovedAway() {
    receive(CLIENT, CONNECT);
    happened.clear();

    // The keep-alive of 60 s is supervised with a tolerance of half of it; each sign of life
    // counts.
    for (int i = 0; i < 5; i++) {
      pass(50);
      receive(CLIENT, PINGREQ);
    }
    assertThat(happened).allMatch(line -> line.contains("PingResp")).hasSize(5);
    pass(100);
    assertThat(notices).last().extracting(Notice::event).isEqualTo(Notice.Event.LOST);
  }

  @Test
  void aFaultCostsItsInputOnly() {
    receive(CLIENT, CONNECT);
    sendingFails = true;
    receive(CLIENT, PINGREQ);
    sendingFails = false;
    happened.clear();

    receive(CLIENT, PINGREQ);

    assertThat(happened).containsExactly("to 5000 PingResp[]");
    assertThat(counters.traffic().of(Traffic.FAULTS)).isEqualTo(1);
  }

  @Test
  void countsMessagesRejectsAndUnusables() {
    receive(CLIENT, CONNECT);
    receive(CLIENT, PINGREQ);
    receive(CLIENT, "0516");
    receive(CLIENT, "0A0A0000000361FF62FF");
    receive(OTHER, PINGREQ);

    assertThat(counters.received().of(MessageType.PINGREQ)).isEqualTo(2);
    assertThat(counters.rejects().of(Reject.TRUNCATED)).isEqualTo(1);
    assertThat(counters.received().of(MessageType.REGISTER)).isEqualTo(1);
    assertThat(counters.unusables().of(Reject.INVALID_STRING)).isEqualTo(1);
    assertThat(counters.refusals().of(Action.Refusal.UNKNOWN_SENDER)).isEqualTo(1);
    assertThat(counters.notices().of(Notice.Event.CONNECTED)).isEqualTo(1);
  }

  @Test
  void measuresTheTimeFromADatagramToItsPacketForTheBroker() {
    receive(CLIENT, "08 0C 62 7431 0000 78");

    assertThat(happened).last().isEqualTo("on 0 Publish");
    assertThat(counters.relay().count(0)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "030100, to 5000 GwInfo, 0",
    CONNECT + ", , 1",
    "080C6274310000 78, , 1",
    "05FE000102 030100, , 1",
  })
  void takesOnlyDiscoveryFromAGroup(String hex, String answer, long ignored) {
    datagrams.group(0, CLIENT, octets(hex));

    if (answer == null) {
      assertThat(happened).isEmpty();
    } else {
      assertThat(happened).anyMatch(line -> line.startsWith(answer));
    }
    assertThat(counters.traffic().of(Traffic.GROUP_IGNORED)).isEqualTo(ignored);
  }

  @Test
  void servesOnAfterAMillionRandomDatagrams() {
    receive(CLIENT, CONNECT);
    isRecording = false;
    SplittableRandom random = new SplittableRandom(1);
    byte[] octets = new byte[80];
    for (int i = 0; i < RANDOM_DATAGRAMS; i++) {
      random.nextBytes(octets);
      int length = random.nextInt(octets.length);
      boolean isPlausible = length > 1 && random.nextInt(4) > 0;
      if (isPlausible) {
        octets[0] = (byte) length;
        octets[1] = (byte) random.nextInt(0x20);
      }
      int host = 2 + random.nextInt(20);
      InetSocketAddress sender = new InetSocketAddress("192.0.2." + host, 5000);
      datagrams.unicast(0, sender, Unpooled.wrappedBuffer(octets, 0, length));
      if (i % 50_000 == 0) {
        pass(1);
      }
    }
    isRecording = true;
    happened.clear();

    receive(CLIENT, PINGREQ);

    assertThat(happened).containsExactly("to 5000 PingResp[]");
    assertThat(counters.traffic().of(Traffic.FAULTS)).isZero();
    assertThat(counters.rejects().total()).isGreaterThan(RANDOM_DATAGRAMS / 4);
    assertThat(counters.received().total()).isGreaterThan(RANDOM_DATAGRAMS / 10);
  }

  @Test
  void saysGoodbyeToClientsAndClosesTheLinks() {
    receive(CLIENT, CONNECT);
    happened.clear();

    driver.stop();

    assertThat(happened)
        .containsExactlyInAnyOrder("to 5000 Disconnect[durationSeconds=0]", "close 1", "close 0");
  }
}
