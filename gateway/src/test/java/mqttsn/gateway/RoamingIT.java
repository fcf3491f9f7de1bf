package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.GatewaySite;
import mqttsn.gateway.testing.MosquittoBroker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client goes from one gateway to another without goodbye. Mosquitto 2.0.11 does not tell the
 * first one why it closes the connection, so both want the session.
 */
@Tag("machine")
@Timeout(120)
class RoamingIT {

  private static final int MESSAGES = 20;

  @TempDir Path folder;

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();

  @Test
  void isServedWhereItIs() throws Exception {
    try (MosquittoBroker broker = MosquittoBroker.start(folder);
        MqttApplication application =
            MqttApplication.connect(BrokerUrl.parse(broker.url()), "application")) {
      application.subscribe("up/#", Qos.ONE, arrived::add);
      GatewaySite here = site("here", broker);
      GatewaySite there = site("there", broker);
      try (GatewayProcess gatewayHere = here.start();
          GatewayProcess gatewayThere = there.start();
          MqttSnClient before = MqttSnClient.open(ClientSettings.of("roamer"), here.address());
          MqttSnClient after = MqttSnClient.open(ClientSettings.of("roamer"), there.address())) {
        before.connect(true, Duration.ofMinutes(1));

        after.connect(true, Duration.ofMinutes(1));
        gatewayHere.awaitLine("client roamer");
        gatewayHere.awaitLine("lost its broker connection");
        NormalId topic = after.register("up/temp");
        for (int i = 0; i < MESSAGES; i++) {
          after.publish(topic, Qos.ONE, false, Octets.utf8("message " + i));
        }

        Set<String> payloads =
            new HashSet<>(); // some come twice: the connection is lost now and then
        while (payloads.size() < MESSAGES) {
          payloads.add(next());
        }
        assertThat(payloads).doesNotContain("nothing");
        assertThat(gatewayThere.hasLine("client roamer")).isTrue();
      }
    }
  }

  private String next() throws InterruptedException {
    Arrived message = arrived.poll(10, TimeUnit.SECONDS);
    return message == null ? "nothing" : message.data().toUtf8String();
  }

  private GatewaySite site(String name, MosquittoBroker broker) throws Exception {
    return new GatewaySite(Files.createDirectory(folder.resolve(name)), broker.url());
  }
}
