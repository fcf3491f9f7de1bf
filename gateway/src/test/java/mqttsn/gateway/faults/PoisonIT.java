package mqttsn.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A message for which the broker closes the connection is found and dropped, and it alone:
 * everything else arrives, of the same client too, in order, and QoS 2 once.
 *
 * <p>Mosquitto closes the connection upon a packet above its {@code max_packet_size}; with MQTT
 * 3.1.1 it cannot tell that beforehand.
 */
@Tag("machine")
@Timeout(180)
class PoisonIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_BYTES = 400;

  @TempDir Path folder;

  private MosquittoBroker broker;
  private Listener listener;
  private GatewaySite site;

  @BeforeEach
  void startTheOthers() throws Exception {
    broker =
        MosquittoBroker.start(
            folder,
            "max_packet_size " + MOST_BYTES,
            "max_queued_messages 0",
            "max_inflight_messages 1000");
    listener = new Listener(broker.port(), Qos.TWO).awaitSubscription();
    site = new GatewaySite(folder, broker.url(), "3.1.1");
  }

  @AfterEach
  void stopTheOthers() {
    listener.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"disk, ONE", "disk, TWO", "first, ONE", "broker, ONE", "broker, TWO"})
  void onlyTheMessageThatEndsTheConnectionIsLost(String ack, Qos qos) throws Exception {
    ClientSettings patient = new ClientSettings("poison", Duration.ofSeconds(1), 120);
    try (GatewayProcess gateway = site.start(configuration(ack));
        MqttSnClient client = MqttSnClient.open(patient, site.address());
        Publishers one = new Publishers(site.address(), Qos.ONE, List.of("one-0", "one-1"));
        Publishers two = new Publishers(site.address(), Qos.TWO, List.of("two-0"))) {
      client.connect();
      client.register("load/poison");
      one.awaitMore(10, PATIENCE);
      two.awaitMore(10, PATIENCE);

      client.publish("load/poison", Qos.ONE, false, Octets.utf8("poison:0"));
      publishTooMuch(client, qos, ack.equals("broker"));
      client.publish("load/poison", Qos.ONE, false, Octets.utf8("poison:1"));
      gateway.awaitLine("client poison lost a message: load/poison: the broker closed");
      one.awaitMore(10, PATIENCE);
      two.awaitMore(10, PATIENCE);

      one.stop();
      two.stop();
      one.assertArrival(listener.arrivals());
      two.assertArrival(listener.arrivals());
      listener.arrivals().awaitAll(Set.of("poison:0", "poison:1"));
      assertThat(gateway.metric("mqttsn_drops_total{reason=\"poison\"}")).isEqualTo(1);
      assertThat(gateway.metric("mqttsn_drops_total")).as("all that is lost").isEqualTo(1);
    }
  }

  /** From the broker itself no acknowledgement can come: then the client is told. */
  private static void publishTooMuch(MqttSnClient client, Qos qos, boolean isRefused)
      throws Exception {
    ReturnCode returnCode = ReturnCode.ACCEPTED;
    try {
      client.publish("load/poison", qos, false, Octets.utf8("x".repeat(MOST_BYTES)));
    } catch (ClientException e) {
      returnCode = e.returnCode();
    }
    assertThat(returnCode).isEqualTo(isRefused ? ReturnCode.NOT_SUPPORTED : ReturnCode.ACCEPTED);
  }

  private static String[] configuration(String ack) {
    return new String[] {
      "gateway: {mode: aggregating}",
      "queue: {enabled: true, directory: queue, drain-rate: 100000, ack: " + ack + "}"
    };
  }
}
