package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
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
  private GatewaySite site;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker =
        MosquittoBroker.start(
            folder, "persistence true", "max_queued_messages 100000", "max_inflight_messages 100");
    listener = new Listener(broker.port()).awaitSubscription();
    site = new GatewaySite(folder, broker.url());
  }

  @AfterEach
  void stopTheOthers() {
    listener.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2})
  void nothingIsMissingOverALossyNetwork(double loss) throws Exception {
    try (GatewayProcess gateway = site.start();
        LossyNetwork network = new LossyNetwork(site.address(), loss, 42)) {
      loadUntil(network.address(), 300, () -> {});
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transparent", "aggregating"})
  void nothingIsMissingWhenTheBrokerIsRestarted(String mode) throws Exception {
    try (GatewayProcess gateway = site.start("gateway: {mode: " + mode + "}")) {
      loadUntil(site.address(), 500, broker::restart);
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
    }
  }

  @Test
  void nothingIsMissingWhenTheBrokerFreezes() throws Exception {
    try (GatewayProcess gateway = site.start();
        RawClient bystander = new RawClient(site.address())) {
      loadUntil(
          site.address(),
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
    GatewayProcess first = site.start("sessions: {file: sessions}");
    try (Publishers load = new Publishers(site.address(), CLIENTS)) {
      await().atMost(PATIENCE).until(() -> load.acknowledged().size() > 300);
      first.signal("KILL");
      first.exitCode();
      int before = load.acknowledged().size();
      try (GatewayProcess second = site.start("sessions: {file: sessions}")) {
        await().atMost(PATIENCE).until(() -> load.acknowledged().size() > before + 300);
        load.stop();
        listener.arrivals().awaitAll(load.acknowledged());
        assertThat(second.lines()).anyMatch(line -> line.contains("sessions of an earlier run"));
      }
    } finally {
      first.close();
    }
  }

  @Test
  void honestClientsAreServedDuringAFlood() throws Exception {
    try (GatewayProcess gateway = site.start()) {
      loadUntil(site.address(), 1_000, () -> Flood.fromOneAddress(site.address(), 20_000));
      assertThat(gateway.lines()).noneMatch(line -> line.contains("fault number"));
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
      listener.arrivals().awaitAll(load.acknowledged());
    }
  }
}
