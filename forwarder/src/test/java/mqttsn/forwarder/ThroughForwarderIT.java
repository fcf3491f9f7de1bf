package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.daemon.config.Binder;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.ClientState;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.demo.EmbeddedBroker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes behind forwarders, a gateway and a broker: what a direct client can do, a node can do. */
class ThroughForwarderIT {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @RegisterExtension private final Parts parts = new Parts();
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;
  private MqttApplication application;

  @BeforeEach
  void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
    parts.add(broker);
    application = MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
    parts.add(application);
    application.subscribe(
        "#", Qos.ONE, it -> arrived.add(it.topicName() + " " + it.data().toUtf8String()));
  }

  @Test
  void nodePublishesAndHearsLikeADirectClient() throws Exception {
    TestGateway gateway = gateway(0);
    MqttSnClient node = node("node", forwarder(gateway.port()));
    node.publish(new ShortName("qm"), Qos.MINUS_ONE, false, Octets.utf8("unasked"));
    node.connect();
    node.publish("s1/temp", Qos.ZERO, false, Octets.utf8("20"));
    node.publish("s1/temp", Qos.ONE, false, Octets.utf8("21"));
    node.publish("s1/temp", Qos.TWO, false, Octets.utf8("22"));
    await()
        .untilAsserted(
            () ->
                assertThat(arrived)
                    .containsExactlyInAnyOrder(
                        "qm unasked", "s1/temp 20", "s1/temp 21", "s1/temp 22"));

    node.subscribe(new Named("s1/set"), Qos.ONE);
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(node)).isEqualTo("s1/set on");
  }

  @Test
  void nodeFindsTheGatewayThroughItsForwarder() throws Exception {
    TestForwarder forwarder = forwarder(gateway(0).port());
    TestSocket node = parts.socket("127.0.0.1");
    node.send(Octets.hex("030101"), forwarder.address());
    assertThat(node.receive()).hasToString("030201");
    assertThat(node.lastSender()).isEqualTo(forwarder.address());
    await().until(forwarder.shell()::gatewayAnswers);
  }

  @Test
  void nodeSleepsAndCollectsItsMessages() throws Exception {
    TestGateway gateway = gateway(0);
    MqttSnClient node = node("sleeper", forwarder(gateway.port()));
    node.connect(false, Duration.ofMinutes(1));
    node.subscribe(new Named("s1/set"), Qos.ONE);
    node.sleep(Duration.ofMinutes(1));
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    node.wake();
    assertThat(received(node)).isEqualTo("s1/set on");
  }

  @Test
  void nodeWorksBehindTwoForwarders() throws Exception {
    TestGateway gateway = gateway(0);
    TestForwarder outer = forwarder(gateway.port());
    MqttSnClient node = node("far", forwarder(outer.port()));
    node.connect();
    node.publish("far", Qos.ONE, false, Octets.utf8("1"));
    node.subscribe(new Named("far/set"), Qos.ONE);
    application.publish("far/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(node)).isEqualTo("far/set on");
    assertThat(arrived).contains("far 1");
  }

  @Test
  void nodeNoticesNothingWhenAForwarderWithAFixedPortRestarts() throws Exception {
    TestGateway gateway = gateway(0);
    TestForwarder first = forwarder(gateway.port());
    int listen = first.port();
    int source = first.shell().source().getPort();
    MqttSnClient node = node("node", first);
    node.connect();
    node.subscribe(new Named("s1/set"), Qos.ONE);
    parts.close(first);

    TestForwarder unused = forwarder(gateway.port(), listen, source);
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(node)).isEqualTo("s1/set on");
    assertThat(connectsUntilAccepted(node, "after")).isZero();
  }

  @Test
  void nodeConnectsOnceMoreWhenAForwarderComesBackAtAnotherPort() throws Exception {
    TestGateway gateway = gateway(0);
    TestForwarder first = forwarder(gateway.port());
    int listen = first.port();
    MqttSnClient node = node("node", first);
    node.connect();
    parts.close(first);

    TestForwarder unused = forwarder(gateway.port(), listen, 0);
    assertThat(connectsUntilAccepted(node, "after")).isEqualTo(1);
  }

  @Test
  void nodeConnectsOnceMoreWhenTheGatewayRestarts() throws Exception {
    TestGateway first = gateway(0);
    int port = first.port();
    MqttSnClient node = node("node", forwarder(port));
    node.connect();
    parts.close(first);

    TestGateway unused = gateway(port);
    assertThat(connectsUntilAccepted(node, "after")).isLessThanOrEqualTo(1);
  }

  @Test
  void nodeMovesFromOneForwarderToAnother() throws Exception {
    TestGateway gateway = gateway(0);
    MqttSnClient before = node("mover", forwarder(gateway.port()));
    before.connect(false, Duration.ofMinutes(1));
    before.subscribe(new Named("s1/set"), Qos.ONE);

    MqttSnClient after = node("mover", forwarder(gateway.port()));
    after.connect(false, Duration.ofMinutes(1));
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(after)).isEqualTo("s1/set on");
    assertThat(before.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @Test
  void nodesFollowTheirForwarderToTheNextGateway() throws Exception {
    TestGateway first = gateway(0);
    TestGateway second = gateway(0);
    TestForwarder forwarder =
        parts.forwarder(
            """
            nodes: {listen: ["127.0.0.1:0"]}
            gateway:
              address: "127.0.0.1:%d"
              fallbacks: ["127.0.0.1:%d"]
              silence: 3s
            """
                .formatted(first.port(), second.port()));
    MqttSnClient node = node("node", forwarder);
    node.connect();
    parts.close(first);
    InetSocketAddress next = second.address();
    await().until(() -> next.equals(forwarder.shell().gateway()));
    assertThat(connectsUntilAccepted(node, "after")).isEqualTo(1);
  }

  /** Publishes; how often the node has to connect before the message is acknowledged. */
  private static int connectsUntilAccepted(MqttSnClient node, String data) {
    for (int connects = 0; ; connects++) {
      try {
        node.publish("s1/temp", Qos.ONE, false, Octets.utf8(data));
        return connects;
      } catch (ClientException e) {
        node.connect();
      }
    }
  }

  private static String received(MqttSnClient node) {
    Received received = node.receive(PATIENCE);
    return received == null
        ? "nothing"
        : received.topicName() + " " + received.data().toUtf8String();
  }

  private MqttSnClient node(String clientId, TestForwarder forwarder) throws IOException {
    ClientSettings settings = new ClientSettings(clientId, Duration.ofSeconds(1), 4);
    return parts.add(MqttSnClient.open(settings, forwarder.address()));
  }

  private TestGateway gateway(int port) throws Exception {
    String yaml =
        """
        sensors: {listen: ["127.0.0.1:%d"]}
        broker: {urls: ["%s"]}
        admin: {listen: null}
        """
            .formatted(port, broker.url());
    RunningGateway gateway =
        RunningGateway.start(
            Binder.bind(yaml, "gateway.yaml", mqttsn.gateway.config.Configuration.class),
            List.of());
    // Nobody repeats a publish with QoS -1 that finds the gateway without a broker.
    await().until(() -> gateway.eventLoop().submit(gateway::status).get().contains("broker up"));
    return parts.add(new TestGateway(gateway));
  }

  private TestForwarder forwarder(int gatewayPort) throws Exception {
    return forwarder(gatewayPort, 0, 0);
  }

  private TestForwarder forwarder(int gatewayPort, int listen, int source) throws Exception {
    return parts.forwarder(
        """
        nodes: {listen: ["127.0.0.1:%d"]}
        gateway: {address: "127.0.0.1:%d", source: "127.0.0.1:%d"}
        """
            .formatted(listen, gatewayPort, source));
  }

  /** A gateway in the hands of a test. */
  private record TestGateway(RunningGateway running) implements AutoCloseable {

    InetSocketAddress address() {
      return running.addresses().get(0);
    }

    int port() {
      return address().getPort();
    }

    @Override
    public void close() {
      running.stop();
    }
  }
}
