package mqttsn.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against the gateway and a broker, with an MQTT application on the other side. */
class MqttSnClientIT {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Octets ON = Octets.utf8("on");

  @TempDir private static Path folder;

  private static EmbeddedBroker broker;
  private static TestGateway gateway;
  private static MqttApplication application;

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private String topicName = "";
  private MqttSnClient client;

  @BeforeAll
  static void startGateway() throws Exception {
    broker = EmbeddedBroker.start();
    gateway = TestGateway.start(folder, broker.url(), "*, it/predefined, 10");
    application = MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
  }

  @AfterAll
  static void stopGateway() {
    application.close();
    gateway.close();
    broker.close();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    // A topic of its own for every run of a test.
    topicName = "it/" + Integer.toHexString(test.getDisplayName().hashCode()) + System.nanoTime();
    client = open("sens1");
  }

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Qos.class,
      names = {"ZERO", "ONE", "TWO"})
  void publishesToTheApplication(Qos qos) throws Exception {
    application.subscribe(topicName, Qos.TWO, arrived::add);
    client.connect();
    client.publish(topicName, qos, false, ON);
    assertThat(nextArrived()).isEqualTo(new Arrived(topicName, qos, false, ON));
  }

  @Test
  void publishesWithoutAConnectionUnderAPredefinedId() throws Exception {
    application.subscribe("it/predefined", Qos.ONE, arrived::add);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              client.publish(new PredefinedId(10), Qos.MINUS_ONE, false, ON);
              return arrived.poll(500, TimeUnit.MILLISECONDS) != null;
            });
    assertThat(client.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Qos.class,
      names = {"ZERO", "ONE", "TWO"})
  void receivesWhatTheApplicationPublishes(Qos qos) throws Exception {
    client.connect();
    client.subscribe(new Named(topicName), Qos.TWO);
    application.publish(topicName, qos, false, ON);
    Received message = nextReceived();
    assertThat(message.topicName()).isEqualTo(topicName);
    assertThat(message.qos()).isEqualTo(qos);
    assertThat(message.data()).isEqualTo(ON);
  }

  @Test
  void receivesUnderAWildcard() throws Exception {
    client.connect();
    client.subscribe(new Named(topicName + "/#"), Qos.ONE);
    application.publish(topicName + "/a", Qos.ONE, false, ON);
    assertThat(nextReceived().topicName()).isEqualTo(topicName + "/a");
  }

  @Test
  void receivesUnderShortNameAndPredefinedId() throws Exception {
    client.connect();
    receivesUnder(new ShortName("t1"), "t1");
    receivesUnder(new PredefinedId(10), "it/predefined");
  }

  private void receivesUnder(SubscribeTopic topic, String name) throws IOException {
    client.subscribe(topic, Qos.ONE);
    application.publish(name, Qos.ONE, false, ON);
    assertThat(nextReceived().topic()).isEqualTo(topic);
    client.unsubscribe(topic);
  }

  @Test
  void tellsWhyAPublishWasRejected() {
    client.connect();
    assertThatThrownBy(() -> client.publish(new PredefinedId(99), Qos.ONE, false, ON))
        .isInstanceOf(ClientException.class)
        .hasMessage("PUBLISH rejected: invalid topic id")
        .extracting(failure -> ((ClientException) failure).returnCode())
        .isEqualTo(ReturnCode.INVALID_TOPIC_ID);
  }

  @Test
  void collectsMessagesThatCameWhileItSlept() throws Exception {
    client.connect();
    client.subscribe(new Named(topicName), Qos.ONE);
    client.sleep(Duration.ofMinutes(1));
    application.publish(topicName, Qos.ONE, false, Octets.utf8("1"));
    application.publish(topicName, Qos.ONE, false, Octets.utf8("2"));
    assertThat(client.receive(Duration.ofMillis(200))).isNull();
    List<String> collected = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              client.wake();
              for (Received next = client.receive(Duration.ZERO);
                  next != null;
                  next = client.receive(Duration.ZERO)) {
                collected.add(next.data().toUtf8String());
              }
              return collected.size() == 2;
            });
    assertThat(collected).containsExactly("1", "2");
    assertThat(client.state()).isEqualTo(ClientState.ASLEEP);
  }

  @Test
  void leavesAWillBehindWhenItIsLost() throws Exception {
    application.subscribe(topicName, Qos.ONE, arrived::add);
    client.connect(
        true, Duration.ofSeconds(1), ClientWill.of(topicName, Qos.ONE, false, Octets.utf8("lost")));
    client.close();
    assertThat(nextArrived().data()).isEqualTo(Octets.utf8("lost"));
  }

  @Test
  void staysConnectedWithoutAWordOfItsUser() throws Exception {
    client.connect(true, Duration.ofSeconds(1));
    client.subscribe(new Named(topicName), Qos.ONE);
    assertThat(client.receive(Duration.ofSeconds(3))).isNull();
    application.publish(topicName, Qos.ONE, false, ON);
    assertThat(nextReceived().data()).isEqualTo(ON);
  }

  @Test
  void hearsThatAnotherClientTookItsPlace() throws Exception {
    client.connect();
    try (MqttSnClient other = open("sens1")) {
      other.connect();
      assertThatThrownBy(() -> client.receive(PATIENCE))
          .isInstanceOf(ClientException.class)
          .hasMessage("the gateway disconnected this client");
    }
  }

  private static MqttSnClient open(String clientId) throws IOException {
    return MqttSnClient.open(
        new ClientSettings(clientId, Duration.ofSeconds(2), 3), gateway.address());
  }

  private Arrived nextArrived() throws InterruptedException {
    Arrived next = arrived.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return Objects.requireNonNull(next);
  }

  private Received nextReceived() {
    Received next = client.receive(PATIENCE);
    assertThat(next).isNotNull();
    return Objects.requireNonNull(next);
  }
}
