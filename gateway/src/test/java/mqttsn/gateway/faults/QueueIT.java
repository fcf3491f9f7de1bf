package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.testing.Cable;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import mqttsn.gateway.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With the durable queue a broker that is away costs nothing that a client got an acknowledgement
 * for, even when the gateway is killed meanwhile: everything arrives, in order per client, and QoS
 * 2 once.
 */
@Tag("machine")
@Timeout(180)
class QueueIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> QOS_1 = List.of("one-0", "one-1", "one-2");
  private static final List<String> QOS_2 = List.of("two-0", "two-1", "two-2");

  @TempDir Path folder;

  private MosquittoBroker broker;
  private Cable cable;
  private Listener listener;
  private GatewaySite site;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker = MosquittoBroker.start(folder, "max_queued_messages 0", "max_inflight_messages 1000");
    cable = new Cable(broker.port());
    listener = new Listener(broker.port(), Qos.TWO).awaitSubscription();
    site = new GatewaySite(folder, "mqtt://127.0.0.1:" + cable.port());
  }

  @AfterEach
  void stopTheOthers() throws Exception {
    listener.close();
    cable.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"disk", "first"})
  void whatIsAcknowledgedWithoutABrokerArrives(String ack) throws Exception {
    String[] configuration = configuration("ack: " + ack);
    try (GatewayProcess first = site.start(configuration);
        Publishers one = new Publishers(site.address(), Qos.ONE, QOS_1);
        Publishers two = new Publishers(site.address(), Qos.TWO, QOS_2)) {
      one.awaitMore(10, PATIENCE);
      two.awaitMore(10, PATIENCE);
      cable.cut();
      one.awaitMore(20, PATIENCE);
      two.awaitMore(20, PATIENCE);
      first.signal("KILL");
      first.exitCode();
      try (GatewayProcess second = site.start(configuration)) {
        one.awaitMore(20, PATIENCE);
        two.awaitMore(20, PATIENCE);
        assertNewcomersAreServed();
        cable.join();
        second.awaitLine("is up");
        one.awaitMore(20, PATIENCE);
        two.awaitMore(20, PATIENCE);
        assertEverythingArrives(one, two);
      }
    }
  }

  /** CONNECT and PUBLISH are taken; a SUBSCRIBE, which needs the broker, gets congestion. */
  private void assertNewcomersAreServed() throws Exception {
    try (MqttSnClient newcomer = MqttSnClient.open(ClientSettings.of("newcomer"), site.address())) {
      newcomer.connect();
      newcomer.publish("load/newcomer", Qos.ONE, false, Octets.utf8("newcomer:0"));
      assertThatExceptionOfType(ClientException.class)
          .isThrownBy(() -> newcomer.subscribe(new Named("anything"), Qos.ONE))
          .matches(refused -> refused.returnCode() == ReturnCode.CONGESTION);
    }
  }

  /** Clients get congestion while there is no room for their messages. */
  @Test
  void goesOnWhenTheDiskHasRoomAgain() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    String[] configuration = configuration("ack: disk");
    configuration[2] = configuration[2].replace("queue,", "small/queue,");
    try (SmallDisk disk = SmallDisk.mount(mounted, 2_048);
        GatewayProcess gateway = site.start(disk.prefix(), configuration).awaitLine(" ready");
        Publishers one = new Publishers(site.address(), Qos.ONE, QOS_1);
        Publishers two = new Publishers(site.address(), Qos.TWO, QOS_2)) {
      one.awaitMore(10, PATIENCE);
      two.awaitMore(10, PATIENCE);
      cable.cut();
      disk.fill();
      one.awaitRefused(PATIENCE);
      two.awaitRefused(PATIENCE);
      disk.makeRoom();
      one.awaitMore(10, PATIENCE);
      two.awaitMore(10, PATIENCE);
      cable.join();
      assertEverythingArrives(one, two);
      assertThat(gateway.metric("mqttsn_faults_total")).isZero();
    }
  }

  @Test
  void refusesWhatIsBeyondItsBound() throws Exception {
    try (GatewayProcess gateway = site.start(configuration("messages: 50"));
        MqttSnClient client = client()) {
      loseBroker(gateway);
      Set<String> acknowledged = new TreeSet<>();
      ReturnCode refused = ReturnCode.ACCEPTED;
      while (refused == ReturnCode.ACCEPTED) {
        String payload = "client:" + acknowledged.size();
        try {
          client.publish("load/client", Qos.ONE, false, Octets.utf8(payload));
          acknowledged.add(payload);
        } catch (ClientException e) {
          refused = e.returnCode();
        }
      }
      assertThat(refused).isEqualTo(ReturnCode.CONGESTION);
      assertThat(acknowledged).hasSize(50);
      cable.join();
      listener.arrivals().awaitAll(acknowledged);
      listener.arrivals().assertOrder(Set.of("client"));
    }
  }

  @Test
  void dropsTheOldestWhereThatIsConfigured() throws Exception {
    try (GatewayProcess gateway =
            site.start(configuration("messages: 50, when-full: drop-oldest"));
        MqttSnClient client = client()) {
      loseBroker(gateway);
      for (int i = 0; i < 80; i++) {
        client.publish("load/client", Qos.ONE, false, Octets.utf8("client:" + i));
      }
      assertThat(gateway.metric("mqttsn_drops_total{reason=\"queue-full\"}")).isEqualTo(30);
      cable.join();
      listener
          .arrivals()
          .awaitAll(Set.copyOf(IntStream.range(30, 80).mapToObj(i -> "client:" + i).toList()));
      listener.arrivals().assertOrder(Set.of("client"));
    }
  }

  /** Returns when the gateway knows it: nothing is under way then. */
  private void loseBroker(GatewayProcess gateway) throws Exception {
    gateway.awaitLine("is up");
    cable.cut();
    await().atMost(PATIENCE).until(() -> gateway.metric("mqttsn_broker_up") == 0);
  }

  private MqttSnClient client() throws Exception {
    MqttSnClient client = MqttSnClient.open(ClientSettings.of("client"), site.address());
    client.connect();
    client.register("load/client");
    return client;
  }

  private void assertEverythingArrives(Publishers one, Publishers two) throws Exception {
    one.stop();
    two.stop();
    one.assertArrival(listener.arrivals());
    two.assertArrival(listener.arrivals());
  }

  private static String[] configuration(String queue) {
    return new String[] {
      "gateway: {mode: aggregating}",
      "sessions: {file: sessions}",
      "queue: {enabled: true, directory: queue, drain-rate: 100000, " + queue + "}"
    };
  }
}
