package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mqttsn.daemon.testing.ServiceManager;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The distributed program under a service manager that this test plays. */
@Tag("machine")
@Timeout(120)
class SystemdIT {

  @TempDir Path folder;

  private GatewayProcess start(List<String> launcher) throws IOException {
    String yaml =
        """
        sensors: {listen: ["127.0.0.1:0"]}
        admin: {listen: null}
        broker: {urls: ["mqtt://no-such-host.invalid"]}
        """;
    Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
    return GatewayProcess.start(launcher, "run", "--config", file.toString());
  }

  @Test
  void tellsItsLifeToTheServiceManager() throws Exception {
    String path = folder.resolve("notify").toString();
    List<String> environment = List.of("env", "NOTIFY_SOCKET=" + path, "WATCHDOG_USEC=200000");
    try (ServiceManager manager = ServiceManager.at(path);
        GatewayProcess program = start(environment)) {
      List<String> notified = manager.told();
      program.awaitLine("ready");
      await().until(() -> notified.contains("WATCHDOG=1"));
      assertThat(notified).first().isEqualTo("READY=1");
      assertThat(notified).anyMatch(said -> said.startsWith("STATUS=0 clients"));

      program.signal("HUP");
      await().until(() -> notified.stream().filter("READY=1"::equals).count() == 2);
      assertThat(notified).anyMatch(said -> said.startsWith("RELOADING=1\nMONOTONIC_USEC="));

      program.signal("TERM");
      assertThat(program.exitCode()).isZero();
      await().until(() -> notified.contains("STOPPING=1"));
    }
  }

  @Test
  void answersWhatCameBeforeItWasStarted() throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    List<String> activation =
        List.of(
            "systemd-socket-activate",
            "--datagram",
            "--listen=" + address.getAddress().getHostAddress() + ":" + address.getPort());
    try (GatewayProcess program = start(activation).awaitLine("Listening on");
        RawClient client = new RawClient(address)) {
      assertThat(client.ask("030100")).isEqualTo("030201");
      program.awaitLine("ready").signal("TERM");
      assertThat(program.exitCode()).isZero();
    }
  }
}
