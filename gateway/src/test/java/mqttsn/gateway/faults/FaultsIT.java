package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.MosquittoBroker;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must hold whatever fails: no QoS 1 message that its client got an acknowledgement for is
 * missing at the application, and the gateway goes on serving.
 */
@Tag("machine")
@Timeout(180)
class FaultsIT {

  private static final int CLIENTS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private MosquittoBroker broker;
  private Listener listener;
  private int port;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker =
        MosquittoBroker.start(
            folder, "persistence true", "max_queued_messages 100000", "max_inflight_messages 100");
    listener = new Listener(broker.port()).awaitSubscription();
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stopTheOthers() {
    listener.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2})
  void nothingIsMissingOverALossyNetwork(double loss) throws Exception {
    try (GatewayProcess gateway = start();
        LossyNetwork network = new LossyNetwork(address(), loss, 42)) {
      loadUntil(network.address(), 300, () -> {});
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transparent", "aggregating"})
  void nothingIsMissingWhenTheBrokerIsRestarted(String mode) throws Exception {
    try (GatewayProcess gateway = start("gateway: {mode: " + mode + "}")) {
      loadUntil(address(), 500, broker::restart);
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  @Test
  void nothingIsMissingWhenTheBrokerFreezes() throws Exception {
    try (GatewayProcess gateway = start();
        RawClient bystander = new RawClient(address())) {
      loadUntil(
          address(),
          500,
          () -> {
            bystander.connect("bystander");
            broker.pause();
            assertThat(bystander.isServed()).as("the gateway goes on").isTrue();
            broker.resume();
          });
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  @Test
  void nothingIsMissingWhenTheGatewayIsKilled() throws Exception {
    GatewayProcess first = start("sessions: {file: sessions}");
    try (Publishers load = new Publishers(address(), CLIENTS)) {
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > 300);
      first.signal("KILL");
      first.exitCode();
      int before = load.acknowledged().size();
      try (GatewayProcess second = start("sessions: {file: sessions}")) {
        await().atMost(PATIENCE).until(() -> load.acknowledged().size() > before + 300);
        load.stop();
        assertNothingIsMissing(load.acknowledged());
        assertThat(second.lines()).anyMatch(line -> line.contains("sessions of an earlier run"));
      }
    } finally {
      first.close();
    }
  }

  @Test
  void honestClientsAreServedDuringAFlood() throws Exception {
    try (GatewayProcess gateway = start();
        DatagramSocket flooder = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      loadUntil(address(), 1_000, () -> flood(flooder));
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  /**
   * Twenty thousand datagrams from one address: noise, CONNECTs of nobody, requests without a
   * session.
   */
  private void flood(DatagramSocket socket) throws Exception {
    Random random = new Random(7);
    InetSocketAddress gateway = address();
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[7 + random.nextInt(20)];
      random.nextBytes(octets);
      octets[0] = (byte) octets.length;
      if (i % 3 == 0) {
        octets[1] = 0x0C;
      } else if (i % 3 == 1) {
        octets[1] = 0x04;
        octets[2] = 0x0C; // a will is announced and never told
        octets[3] = 1;
        for (int at = 6; at < octets.length; at++) {
          octets[at] = (byte) ('a' + random.nextInt(26));
        }
      }
      socket.send(new DatagramPacket(octets, octets.length, gateway));
    }
  }

  private interface Fault {
    void happen() throws Exception;
  }

  /** Load before, during and after the fault: so many acknowledgements each time. */
  private void loadUntil(InetSocketAddress gateway, int acknowledgements, Fault fault)
      throws Exception {
    try (Publishers load = new Publishers(gateway, CLIENTS)) {
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > acknowledgements);
      fault.happen();
      int before = load.acknowledged().size();
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > before + acknowledgements);
      load.stop();
      assertNothingIsMissing(load.acknowledged());
    }
  }

  private void assertNothingIsMissing(Set<String> acknowledged) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Set<String> missing = new HashSet<>(acknowledged);
              missing.removeAll(listener.payloads());
              assertThat(missing).as("acknowledged, and missing at the application").isEmpty();
            });
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private GatewayProcess start(String... sections) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            sensors: {listen: ["127.0.0.1:%d"]}
            broker: {urls: ["%s"]}
            admin: {listen: null}
            %s
            """
                .formatted(port, broker.url(), String.join("\n", sections)));
    return GatewayProcess.start("run", "--config", file.toString()).awaitLine("ready");
  }
}
