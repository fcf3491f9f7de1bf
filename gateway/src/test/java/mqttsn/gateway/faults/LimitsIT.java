package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import mqttsn.gateway.testing.RawClient;
import mqttsn.gateway.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What must hold when the machine or the gateway comes to an end of something. */
@Tag("machine")
@Timeout(180)
class LimitsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ACCEPTED = "030500";
  private static final String CONGESTION = "030501";

  /** The most that the gateway may take up, whatever happens: VmRSS. */
  private static final long MEMORY_BOUND_KIB = 192 * 1024;

  private static final List<String> FEW_DESCRIPTORS = List.of("prlimit", "--nofile=100:100");

  @TempDir Path folder;

  private MosquittoBroker broker;
  private GatewaySite site;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker =
        MosquittoBroker.start(folder, "max_queued_messages 100000", "max_inflight_messages 100");
    site = new GatewaySite(folder, broker.url());
  }

  @AfterEach
  void stopTheOthers() {
    broker.close();
  }

  /**
   * Clients for whom no broker connection can be opened get congestion, one attempt and no word in
   * the log each; the others notice nothing; who comes when some have left is served.
   */
  @Test
  void refusesClientsWhileThereAreNoFileDescriptorsLeft() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    int refused = 0;
    try (GatewayProcess gateway = site.start(FEW_DESCRIPTORS)) {
      gateway.awaitLine("broker " + broker.url() + " is up");
      while (refused < 50) {
        RawClient client = new RawClient(site.address());
        String answer = client.ask(RawClient.connectRequest("client-" + clients.size()));
        if (answer.equals(ACCEPTED)) {
          clients.add(client);
        } else {
          assertThat(answer).isEqualTo(CONGESTION);
          client.close();
          refused++;
        }
      }
      assertThat(clients).as("clients that were there before").hasSizeBetween(10, 100);
      for (RawClient client : clients) {
        assertThat(client.ask(publish())).isEqualTo("070D6C64000100");
      }

      for (RawClient client : clients.subList(0, 5)) {
        assertThat(client.ask("0218")).as("DISCONNECT").isEqualTo("0218");
      }
      try (RawClient newcomer = new RawClient(site.address())) {
        await()
            .atMost(PATIENCE)
            .until(() -> newcomer.ask(RawClient.connectRequest("newcomer")).equals(ACCEPTED));
        assertThat(newcomer.ask(publish())).isEqualTo("070D6C64000100");
      }
      assertThat(gateway.metric("mqttsn_broker_failed_attempts_total")).isEqualTo(refused);
      assertThat(gateway.lines())
          .as("no stack traces, and one line for the first of them")
          .noneMatch(line -> line.startsWith("    at "))
          .filteredOn(line -> line.contains("Too many open files"))
          .hasSizeBetween(1, refused);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void goesOnWhenTheLogTakesNothing() throws Exception {
    List<String> launcher = List.of("sh", "-c", "exec \"$@\" 2>/dev/full", "sh");
    try (GatewayProcess gateway = site.start(launcher, "log: {level: debug}");
        RawClient client = new RawClient(site.address())) {
      await().atMost(PATIENCE).until(site::isTaken);
      await().atMost(PATIENCE).until(() -> serves(client));
      assertThat(client.ask(publish())).isEqualTo("070D6C64000100");
      gateway.signal("TERM");
      assertThat(gateway.exitCode()).isZero();
    }
  }

  @Test
  void logsAgainWhenTheDiskHasRoomAgain() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    try (SmallDisk disk = SmallDisk.mount(mounted, 64)) {
      List<String> launcher = new ArrayList<>(disk.prefix());
      launcher.addAll(List.of("sh", "-c", "exec \"$@\" 2>\"$0\"", mounted + "/log"));
      try (GatewayProcess gateway = site.start(launcher, "log: {level: debug}");
          RawClient client = new RawClient(site.address())) {
        await().atMost(PATIENCE).until(() -> hasLine(disk, "is up"));
        disk.fill();
        for (int i = 0; i < 200; i++) {
          assertThat(client.ask(RawClient.connectRequest("client-" + i))).isEqualTo(ACCEPTED);
        }
        disk.makeRoom();
        client.connect("last");
        await().atMost(PATIENCE).until(() -> hasLine(disk, "log lines were dropped"));
        gateway.signal("TERM");
        assertThat(gateway.exitCode()).isZero();
        assertThat(hasLine(disk, "Stopped")).isTrue();
      }
    }
  }

  /** Everybody is served at last, and what was acknowledged is at the application. */
  @Test
  void servesTenThousandClientsThatConnectAtOnce() throws Exception {
    try (Listener listener = new Listener(broker.port()).awaitSubscription();
        GatewayProcess gateway = site.start();
        Crowd crowd = new Crowd(site.address(), 10_000)) {
      assertThat(crowd.serve(PATIENCE)).as("clients served").isEqualTo(10_000);
      listener.arrivals().awaitAll(crowd.acknowledged());
      assertThat(gateway.metric("mqttsn_sessions{state=\"active\"}")).isEqualTo(10_000);
      assertThat(gateway.residentKibibytes()).isLessThan(MEMORY_BOUND_KIB);
      assertThat(gateway.metric("mqttsn_faults_total")).isZero();
    }
  }

  /**
   * The honest are served meanwhile, the sessions keep their limit, each datagram of the flood is
   * counted for what it was, and strangers can connect when it is over.
   */
  @Test
  void honestClientsAreServedDuringAFloodFromEverywhere() throws Exception {
    int datagrams = 60_000;
    try (Listener listener = new Listener(broker.port()).awaitSubscription();
        GatewayProcess gateway = site.start("sessions: {max: 500, t-retry: 500ms, n-retry: 1}");
        Publishers load = new Publishers(site.address(), 10)) {
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > 500);
      Flood.fromEverywhere(site.address(), datagrams);
      int before = load.acknowledged().size();
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > before + 500);
      try (RawClient newcomer = new RawClient(site.address())) {
        await()
            .atMost(PATIENCE)
            .until(() -> newcomer.ask(RawClient.connectRequest("newcomer")).equals(ACCEPTED));
      }
      load.stop();
      listener.arrivals().awaitAll(load.acknowledged());

      assertThat(gateway.residentKibibytes()).isLessThan(MEMORY_BOUND_KIB);
      assertThat(gateway.metric("mqttsn_faults_total")).isZero();
      assertThat(gateway.lines())
          .as("lines for 20,000 refused CONNECTs")
          .filteredOn(line -> line.contains(" refused"))
          .hasSizeBetween(1, 1_000);
      double accounted =
          gateway.metric("mqttsn_rejects_total")
              + gateway.metric("mqttsn_messages_total{direction=\"out\",type=\"willtopicreq\"}")
              + gateway.metric("mqttsn_kernel_dropped_total");
      assertThat(accounted).isGreaterThanOrEqualTo(datagrams);
    }
  }

  private static boolean serves(RawClient client) throws IOException {
    return client.ask(RawClient.connectRequest("client")).equals(ACCEPTED);
  }

  private static boolean hasLine(SmallDisk disk, String part) throws IOException {
    return Files.exists(disk.path("log")) && Files.readString(disk.path("log")).contains(part);
  }

  /** One octet with QoS 1 to the short topic name "ld". */
  private static String publish() {
    return "080C226C64000131";
  }
}
