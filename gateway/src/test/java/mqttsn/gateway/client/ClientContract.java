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
import mqttsn.gateway.testing.Installation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What sets MQTT-SN apart, through gateway and broker: sleep, wills, topic ids of every kind; each
 * broker has a subclass.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class ClientContract {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Octets ON = Octets.utf8("on");

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private RunningBroker broker;
  private Installation installation;
  private MqttApplication application;
  private String topicName = "";
  private MqttSnClient client;

  /** A broker that takes anybody. */
  record RunningBroker(String url, Runnable stop) {}

  abstract RunningBroker startBroker(Path folder) throws IOException;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    broker = startBroker(folder);
    installation = Installation.at(broker.url(), folder, "*, it/predefined, 10");
    application = installation.application();
  }

  @AfterAll
  void stop() {
    installation.close();
    broker.stop().run();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    // A topic of its own for every run of a test.
    arrived.clear();
    topicName = "it/" + Integer.toHexString(test.getDisplayName().hashCode()) + System.nanoTime();
    client = open("sens1");
  }

  @AfterEach
  void close() {
    client.close();
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

  private MqttSnClient open(String clientId) throws IOException {
    return MqttSnClient.open(
        new ClientSettings(clientId, Duration.ofSeconds(2), 3), installation.address());
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
