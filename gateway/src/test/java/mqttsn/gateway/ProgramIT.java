package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mqttsn.daemon.config.Effective;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.GatewayProcess;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the distributed program promises to those who start and stop it. */
@Timeout(120)
class ProgramIT {

  private static final String FREE_PORTS =
      "sensors: {listen: [\"127.0.0.1:0\"]}\nadmin: {listen: null}\n";

  @TempDir Path folder;

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("gateway.yaml"), yaml).toString();
  }

  private GatewayProcess run(String yaml) throws IOException {
    return GatewayProcess.start("run", "--config", file(yaml)).awaitLine("ready");
  }

  private static int end(GatewayProcess program) throws Exception {
    program.signal("TERM");
    return program.exitCode();
  }

  @Test
  void isReadyWithoutABroker() throws Exception {
    String yaml = FREE_PORTS + "broker: {urls: [\"mqtt://no-such-host.invalid\"]}";
    try (GatewayProcess program = run(yaml);
        RawClient client = new RawClient(program.address())) {
      assertThat(client.ask("030100")).isEqualTo("030201");
      assertThat(end(program)).isZero();
      assertThat(program.lines())
          .satisfiesOnlyOnce(line -> assertThat(line).contains(" UDP through "))
          .satisfiesOnlyOnce(line -> assertThat(line).contains("no-such-host.invalid"))
          .last()
          .asString()
          .endsWith("Stopped");
    }
  }

  @Test
  void saysGoodbyeToItsClientsOnSigterm() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        GatewayProcess program = run(FREE_PORTS + "broker: {urls: [\"" + broker.url() + "\"]}");
        RawClient client = new RawClient(program.address())) {
      program.awaitLine(" is up");
      client.connect("sens1");
      program.awaitLine("client sens1 at 127.0.0.1:");

      assertThat(end(program)).isZero();

      assertThat(client.receive()).isEqualTo("0218");
    }
  }

  @Test
  void endsWithExitCode1AndOneLineWhenAPortIsTaken() throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (DatagramSocket taken = new DatagramSocket(loopback)) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(failedStart("sensors: {listen: [\"127.0.0.1:0\", \"" + address + "\"]}"))
          .containsExactly("cannot listen on UDP " + address + ": Address in use");
    }
  }

  @Test
  void endsWithExitCode1AndOneLineWhenTheAdminPortIsTakenAndNoBrokerHearsOfIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String url = "mqtt://127.0.0.1:" + broker.getLocalPort();
      assertThat(
              failedStart(
                  "sensors: {listen: [\"127.0.0.1:0\"]}",
                  "admin: {listen: \"" + address + "\"}",
                  "sessions: {file: sessions}",
                  "broker: {urls: [\"" + url + "\"]}"))
          .containsExactly("cannot listen on TCP " + address + ": Address in use");
      broker.setSoTimeout(1);
      assertThatThrownBy(broker::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  /** What a start says from warnings on that ends with exit code 1. */
  private List<String> failedStart(String... sections) throws Exception {
    String yaml = String.join("\n", sections) + "\nlog: {level: warn}\n";
    try (GatewayProcess program = GatewayProcess.start("run", "--config", file(yaml))) {
      assertThat(program.exitCode()).isEqualTo(1);
      return program.lines();
    }
  }

  @Test
  void endsWithExitCode2AndOneLineWhenTheConfigurationIsBad() throws Exception {
    String file = file("sensors:\n  listn: []\n");
    for (String command : new String[] {"run", "check-config"}) {
      try (GatewayProcess program = GatewayProcess.start(command, "--config", file)) {
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.lines())
            .containsExactly(
                file + ":2:3: unknown key \"sensors.listn\", did you mean \"listen\"?");
      }
    }
  }

  @Test
  void namesTheLineOfAMistakeInThePredefinedTopics() throws Exception {
    Files.writeString(folder.resolve("bad.csv"), "*, a/b, 1\n*, c/#, 2\n");
    try (GatewayProcess bad =
        GatewayProcess.start("check-config", "--config", file("topics: {predefined: bad.csv}"))) {
      assertThat(bad.exitCode()).isEqualTo(2);
      assertThat(bad.lines())
          .singleElement()
          .asString()
          .startsWith(folder.resolve("bad.csv") + ":2:");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "broker: {username: u, password-file: missing.pem}",
        "broker: {urls: [\"mqtts://b\"], tls: {ca-file: missing.pem}}",
        "broker: {urls: [\"mqtt-quic://b\"], tls: {ca-file: missing.pem}}",
        "admin: {listen: \"127.0.0.1:0\", token-file: missing.pem}"
      })
  void endsWithExitCode2WhenASecretIsMissing(String yaml) throws Exception {
    for (String command : new String[] {"check-config", "run"}) {
      try (GatewayProcess program = GatewayProcess.start(command, "--config", file(yaml))) {
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.lines())
            .singleElement()
            .asString()
            .contains(folder.resolve("missing.pem").toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sessions: {file: none/sessions}                  | 1:18: sessions.file",
        "broker: {username: u, password-file: none}       | 1:38: broker.password-file",
        "topics: {predefined: none.csv}                   | 1:22: topics.predefined",
        "admin: {token-file: none}                        | 1:21: admin.token-file",
        "{gateway: {mode: aggregating}, queue: {enabled: true, directory: none/queue}}"
            + "                                           | 1:66: queue.directory"
      })
  void namesThePlaceOfAFileThatCannotBeUsed(String yaml, String message) throws Exception {
    String config = file(yaml);
    for (String command : new String[] {"check-config", "run"}) {
      try (GatewayProcess program = GatewayProcess.start(command, "--config", config)) {
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.lines())
            .singleElement()
            .asString()
            .startsWith(config + ":" + message + " " + folder.resolve("none"));
      }
    }
  }

  @Test
  void checkConfigPrintsTheConfigurationInForce() throws Exception {
    try (GatewayProcess program = GatewayProcess.start("check-config")) {
      assertThat(program.exitCode()).isZero();
      assertThat(String.join("\n", program.lines()) + "\n")
          .isEqualTo(Effective.toYaml(Configuration.defaults()));
    }
  }

  @Test
  void reloadsOnSighupAndKeepsWhatItHasWhenTheFileIsBroken() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        GatewayProcess program = run(FREE_PORTS + "broker: {urls: [\"" + broker.url() + "\"]}");
        RawClient client = new RawClient(program.address())) {
      program.awaitLine(" is up");
      client.connect("sens1");
      // PUBLISH with QoS 1 to the predefined id 5, which nobody has defined
      String publish = "08 0C 21 0005 0001 78";
      assertThat(client.ask(publish)).isEqualTo("070D0005000102");

      Files.writeString(folder.resolve("topics.csv"), "*, a/b, 5\n");
      String changed =
          FREE_PORTS
              + "topics: {predefined: topics.csv}\nlog: {level: debug}\n"
              + "queue: {directory: elsewhere, ack: broker, drain-rate: 7}\n";
      String unused = file(changed + "broker: {keep-alive: 7s, urls: [\"" + broker.url() + "\"]}");
      program.signal("HUP");
      program.awaitLine("Configuration reloaded");
      assertThat(program.lines())
          .anyMatch(
              line ->
                  line.endsWith(
                      "only after a restart: broker.keep-alive, queue.directory, queue.ack"));
      assertThat(client.ask(publish)).isEqualTo("070D0005000100");

      unused = file("sensors: [");
      program.signal("HUP");
      program.awaitLine("The running configuration stays in place: ");
      assertThat(client.ask(publish.replace("0001", "0002"))).isEqualTo("070D0005000200");
      assertThat(end(program)).isZero();
    }
  }
}
