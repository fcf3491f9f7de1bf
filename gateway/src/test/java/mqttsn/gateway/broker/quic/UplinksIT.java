package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.client.Received;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.Namespaces;
import mqttsn.gateway.testing.TestPki;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway behind two uplinks and a NAT, in namespaces: whatever happens to them, Mosquitto sees
 * one CONNECT of each client, and no message is lost, repeated or out of order.
 */
@Tag("machine")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UplinksIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InetSocketAddress GATEWAY = new InetSocketAddress("198.18.0.2", 1884);
  private static final Path NETWORK = Path.of("..", "benchmarks", "address-change", "network.sh");
  private static final int CLIENTS = 4;

  /** Between the NAT and the broker: with next to none, a busy machine is too slow for QUIC. */
  private static final String DELAY_MILLIS = "100";

  private static final Duration OUTAGE = Duration.ofSeconds(4);

  private final String prefix = "up" + ProcessHandle.current().pid();
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final GatewayProcess gateway;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Load> loads = new ArrayList<>();
  private int tests;

  UplinksIT(@TempDir Path folder) throws Exception {
    this.folder = folder;
    network("up");
    TestPki pki = new TestPki(folder);
    var certificate = pki.issue(List.of("broker.example"), List.of("10.9.0.10"));
    Files.writeString(
        folder.resolve("mosquitto.conf"),
        "listener 1883 0.0.0.0\nallow_anonymous true\nlog_type all\nlog_dest stderr\nuser root\n");
    inCloud("mosquitto", "mosquitto", "-c", folder.resolve("mosquitto.conf").toString());
    inCloud(
        "front",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "mqttsn.gateway.demo.QuicFront",
        "10.9.0.10:14567",
        pki.certFile(certificate, "broker").toString(),
        pki.keyFile(certificate, "broker").toString(),
        "127.0.0.1:1883",
        DELAY_MILLIS);
    await().atMost(PATIENCE).until(() -> Files.readString(log("front")).contains("QUIC on"));
    Path config = folder.resolve("gateway.yaml");
    Files.writeString(
        config,
        """
        sensors: {listen: ["198.18.0.2:1884"]}
        broker: {urls: ["mqtt-quic://10.9.0.10:14567"], tls: {ca-file: %s}}
        admin: {listen: null}
        """
            .formatted(pki.caFile()));
    gateway =
        GatewayProcess.start(
            Namespaces.prefix(prefix + "-edge"), "run", "--config", config.toString());
  }

  @BeforeAll
  void start() {
    gateway.awaitLine("broker mqtt-quic://10.9.0.10:14567 is up");
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
    processes.forEach(Process::destroyForcibly);
    threads.shutdownNow();
    network("down");
  }

  @Test
  void theNatChangesItsPort() throws Exception {
    goesOnThrough(() -> network("nat-port"));
  }

  @Test
  void theNatChangesItsAddress() throws Exception {
    goesOnThrough(() -> network("nat-address"));
  }

  @Test
  void theUplinkInUseLosesItsAddressAndGetsItBack() throws Exception {
    goesOnThrough(
        () -> {
          move("wire-address-lost", "10.1.0.2 -> 10.2.0.2");
          move("wire-address-back", "10.2.0.2 -> 10.1.0.2");
        });
  }

  @Test
  void theUplinkInUseLosesItsLinkAndGetsItBack() throws Exception {
    goesOnThrough(
        () -> {
          move("wire-link-down", "10.1.0.2 -> 10.2.0.2");
          move("wire-link-up", "10.2.0.2 -> 10.1.0.2");
        });
  }

  @Test
  void nothingLeadsToTheBrokerForSecondsAndThenAnotherAddressDoes() throws Exception {
    goesOnThrough(
        () -> {
          change("all-down", " is gone: no route to the broker");
          await().pollDelay(OUTAGE).until(() -> true);
          move("radio-elsewhere", " -> 10.2.0.3");
          move("restore", "10.2.0.3 -> 10.1.0.2");
        });
  }

  private interface Event {
    void happen() throws Exception;
  }

  /** Clients publish, one message after the other, and receive, while the network changes. */
  private void goesOnThrough(Event event) throws Exception {
    tests++;
    Map<String, List<Integer>> up = new ConcurrentHashMap<>();
    loads.clear();
    try (MqttApplication application =
        MqttApplication.connect(BrokerUrl.parse("mqtt://198.18.1.2:1883"), "application")) {
      application.subscribe(
          "up",
          Qos.ONE,
          arrived -> {
            String[] words = arrived.data().toUtf8String().split(" ");
            up.computeIfAbsent(words[0], any -> new CopyOnWriteArrayList<>())
                .add(Integer.valueOf(words[1]));
          });
      for (int i = 0; i < CLIENTS; i++) {
        loads.add(new Load("client-" + tests + "-" + i, (char) ('a' + i)));
      }
      List<Future<?>> running = new ArrayList<>();
      for (Load load : loads) {
        running.add(threads.submit(load));
      }
      awaitPublished(20);
      push(application, 0);
      event.happen();
      push(application, 1);
      awaitPublished(20);
      loads.forEach(Load::stop);
      for (Future<?> each : running) {
        each.get();
      }
      for (Load load : loads) {
        List<Integer> all = IntStream.range(0, load.published.get()).boxed().toList();
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(up.get(load.clientId)).hasSize(all.size()));
        assertThat(up.get(load.clientId)).isEqualTo(all);
        assertThat(load.received).containsExactly(0, 1);
        assertThat(connects(load.clientId)).as("CONNECTs of " + load.clientId).isEqualTo(1);
      }
    }
  }

  private void push(MqttApplication application, int number) throws IOException {
    for (Load load : loads) {
      application.publish("d" + load.letter, Qos.ONE, false, Octets.utf8(Integer.toString(number)));
    }
  }

  private void awaitPublished(int more) {
    List<Integer> goals = loads.stream().map(load -> load.published.get() + more).toList();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                IntStream.range(0, loads.size())
                    .allMatch(i -> loads.get(i).published.get() >= goals.get(i)));
  }

  /**
   * Leads the connections over another path, and waits until all go on there: one that is moved
   * again before has its messages on two paths, and the QUIC library of the broker loses them.
   */
  private void move(String command, String path) throws Exception {
    change(command, path + " works");
    awaitPublished(2);
  }

  /** Changes the network, and waits until one more line of the gateway says so. */
  private void change(String command, String line) throws Exception {
    long before = lines(line);
    network(command);
    await().atMost(PATIENCE).until(() -> lines(line) > before);
  }

  private long lines(String part) {
    return gateway.lines().stream().filter(each -> each.contains(part)).count();
  }

  private long connects(String clientId) throws IOException {
    return Files.readAllLines(log("mosquitto")).stream()
        .filter(line -> line.contains("New client connected"))
        .filter(line -> line.contains(" as " + clientId + " "))
        .count();
  }

  private void network(String command) throws Exception {
    Process process =
        new ProcessBuilder("sh", NETWORK.toString(), prefix, command).inheritIO().start();
    assertThat(process.waitFor()).as(command).isZero();
  }

  private Path log(String process) {
    return folder.resolve(process + ".log");
  }

  private void inCloud(String name, String... command) throws IOException {
    List<String> all = new ArrayList<>(Namespaces.prefix(prefix + "-cloud"));
    all.addAll(List.of(command));
    processes.add(
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile())
            .start());
  }

  /** One client: publishes numbers with QoS 1 until told to stop, and notes what it receives. */
  private static final class Load implements Runnable {
    private static final Duration T_RETRY = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    final String clientId;
    final char letter;
    final List<Integer> received = new CopyOnWriteArrayList<>();
    final AtomicInteger published = new AtomicInteger();
    private volatile boolean stopped;

    Load(String clientId, char letter) {
      this.clientId = clientId;
      this.letter = letter;
    }

    void stop() {
      stopped = true;
    }

    @Override
    public void run() {
      try (MqttSnClient client =
          MqttSnClient.open(new ClientSettings(clientId, T_RETRY, 3), GATEWAY)) {
        client.connect();
        client.subscribe(new ShortName("d" + letter), Qos.ONE);
        var topic = client.register("up");
        while (!stopped) {
          Octets data = Octets.utf8(clientId + " " + published.get());
          client.publish(topic, Qos.ONE, false, data);
          published.incrementAndGet();
          note(client.receive(PAUSE));
        }
        while (received.size() < 2) {
          note(client.receive(T_RETRY));
        }
        client.disconnect();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void note(@Nullable Received message) {
      if (message != null) {
        received.add(Integer.valueOf(message.data().toUtf8String()));
      }
    }
  }
}
