package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mqttsn.codec.Named;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.daemon.config.Binder;
import mqttsn.forwarder.config.Configuration;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.ClientState;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.demo.EmbeddedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes behind forwarders, a gateway and a broker: what a direct client can do, a node can do. */
class ThroughForwarderIT {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private EmbeddedBroker broker;
  private MqttApplication application;

  @BeforeEach
  void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
    open.add(broker);
    application = MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
    open.add(application);
    application.subscribe(
        "#", Qos.ONE, it -> arrived.add(it.topicName() + " " + it.data().toUtf8String()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void nodePublishesAndHearsLikeADirectClient() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    MqttSnClient node = node("node", forwarder(port(gateway)));
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
  void nodeSleepsAndCollectsItsMessages() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    MqttSnClient node = node("sleeper", forwarder(port(gateway)));
    node.connect(false, Duration.ofMinutes(1));
    node.subscribe(new Named("s1/set"), Qos.ONE);
    node.sleep(Duration.ofMinutes(1));
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    node.wake();
    assertThat(received(node)).isEqualTo("s1/set on");
  }

  @Test
  void nodeWorksBehindTwoForwarders() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    Part<RunningForwarder> outer = forwarder(port(gateway));
    MqttSnClient node = node("far", forwarder(port(outer)));
    node.connect();
    node.publish("far", Qos.ONE, false, Octets.utf8("1"));
    node.subscribe(new Named("far/set"), Qos.ONE);
    application.publish("far/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(node)).isEqualTo("far/set on");
    assertThat(arrived).contains("far 1");
  }

  @Test
  void nodeNoticesNothingWhenAForwarderWithAFixedPortRestarts() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    Part<RunningForwarder> first = forwarder(port(gateway));
    int listen = port(first);
    int source = first.running().shell().source().getPort();
    MqttSnClient node = node("node", first);
    node.connect();
    node.subscribe(new Named("s1/set"), Qos.ONE);
    first.close();

    Part<RunningForwarder> unused = forwarder(port(gateway), listen, source);
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(node)).isEqualTo("s1/set on");
    assertThat(connectsUntilAccepted(node, "after")).isZero();
  }

  @Test
  void nodeConnectsOnceMoreWhenAForwarderComesBackAtAnotherPort() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    Part<RunningForwarder> first = forwarder(port(gateway));
    int listen = port(first);
    MqttSnClient node = node("node", first);
    node.connect();
    first.close();

    Part<RunningForwarder> unused = forwarder(port(gateway), listen, 0);
    assertThat(connectsUntilAccepted(node, "after")).isEqualTo(1);
  }

  @Test
  void nodeConnectsOnceMoreWhenTheGatewayRestarts() throws Exception {
    Part<RunningGateway> first = gateway(0);
    int port = port(first);
    MqttSnClient node = node("node", forwarder(port));
    node.connect();
    first.close();

    Part<RunningGateway> unused = gateway(port);
    assertThat(connectsUntilAccepted(node, "after")).isLessThanOrEqualTo(1);
  }

  @Test
  void nodeMovesFromOneForwarderToAnother() throws Exception {
    Part<RunningGateway> gateway = gateway(0);
    MqttSnClient before = node("mover", forwarder(port(gateway)));
    before.connect(false, Duration.ofMinutes(1));
    before.subscribe(new Named("s1/set"), Qos.ONE);

    MqttSnClient after = node("mover", forwarder(port(gateway)));
    after.connect(false, Duration.ofMinutes(1));
    application.publish("s1/set", Qos.ONE, false, Octets.utf8("on"));
    assertThat(received(after)).isEqualTo("s1/set on");
    assertThat(before.state()).isEqualTo(ClientState.DISCONNECTED);
  }

  @Test
  void nodesFollowTheirForwarderToTheNextGateway() throws Exception {
    Part<RunningGateway> first = gateway(0);
    Part<RunningGateway> second = gateway(0);
    Part<RunningForwarder> forwarder =
        forwarder(
            """
            nodes: {listen: ["127.0.0.1:0"]}
            gateway:
              address: "127.0.0.1:%d"
              fallbacks: ["127.0.0.1:%d"]
              silence: 3s
            """
                .formatted(port(first), port(second)));
    MqttSnClient node = node("node", forwarder);
    node.connect();
    first.close();
    InetSocketAddress next = second.running().addresses().get(0);
    await().until(() -> next.equals(forwarder.running().shell().gateway()));
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

  private MqttSnClient node(String clientId, Part<RunningForwarder> forwarder) throws IOException {
    ClientSettings settings = new ClientSettings(clientId, Duration.ofSeconds(1), 4);
    MqttSnClient node = MqttSnClient.open(settings, forwarder.running().shell().listening().get(0));
    open.add(node);
    return node;
  }

  private Part<RunningGateway> gateway(int port) throws Exception {
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
    return part(gateway, gateway::stop);
  }

  private Part<RunningForwarder> forwarder(int gatewayPort) throws Exception {
    return forwarder(gatewayPort, 0, 0);
  }

  private Part<RunningForwarder> forwarder(int gatewayPort, int listen, int source)
      throws Exception {
    return forwarder(
        """
        nodes: {listen: ["127.0.0.1:%d"]}
        gateway: {address: "127.0.0.1:%d", source: "127.0.0.1:%d"}
        """
            .formatted(listen, gatewayPort, source));
  }

  private Part<RunningForwarder> forwarder(String yaml) throws Exception {
    RunningForwarder forwarder =
        Main.start(Binder.bind(yaml + "admin: {listen: null}\n", "test.yaml", Configuration.class));
    return part(forwarder, forwarder::stop);
  }

  private <T> Part<T> part(T running, Runnable stop) {
    Part<T> part = new Part<>(running, stop);
    open.add(part::close);
    return part;
  }

  private static int port(Part<?> part) {
    InetSocketAddress address =
        part.running() instanceof RunningGateway gateway
            ? gateway.addresses().get(0)
            : ((RunningForwarder) part.running()).shell().listening().get(0);
    return address.getPort();
  }

  /** Something that runs until it is closed, by the test or after it. */
  private static final class Part<T> {

    private final T running;
    private final Runnable stop;
    private boolean isClosed;

    Part(T running, Runnable stop) {
      this.running = running;
      this.stop = stop;
    }

    T running() {
      return running;
    }

    void close() {
      if (!isClosed) {
        isClosed = true;
        stop.run();
      }
    }
  }
}
