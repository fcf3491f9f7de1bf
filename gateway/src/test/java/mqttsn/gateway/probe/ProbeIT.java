package mqttsn.gateway.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.Installation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code probe} at a gateway that works, and at its ends when they do not. */
class ProbeIT {

  private static final String NOBODY = "mqtt://127.0.0.1:1";

  @TempDir private static Path folder;

  private static EmbeddedBroker broker;
  private static Installation installation;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startGateway() throws Exception {
    broker = EmbeddedBroker.start();
    installation = Installation.at(broker.url(), folder);
  }

  @AfterAll
  static void stopGateway() {
    installation.close();
    broker.close();
  }

  @Test
  void measuresEveryLeg() {
    assertThat(probe(installation.port(), broker.url(), "-n", "3")).isZero();
    assertThat(out.toString())
        .containsPattern("sensor <-> gateway +\\d+\\.\\d\\d ms +\\d+\\.\\d\\d ms")
        .containsPattern("there and back +\\d+\\.\\d\\d ms")
        .contains("Every leg works.");
  }

  @Test
  void takesGatewayAndBrokerFromTheConfiguration() throws Exception {
    Path file = folder.resolve("probed.yaml");
    Files.writeString(
        file,
        "admin: {listen: null}%nsensors: {listen: [\"127.0.0.1:%d\"]}%nbroker: {urls: [\"%s\"]}%n"
            .formatted(installation.port(), broker.url()));
    assertThat(execute("--config", file.toString(), "-n", "1")).isZero();
  }

  @Test
  void triesTheGatewayWhenTheBrokerIsGone() {
    assertThat(probe(installation.port(), NOBODY)).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("sensor <-> gateway +\\d+\\.\\d\\d ms")
        .containsPattern(
            "application <-> broker.*FAILED: broker " + NOBODY + ": Connection refused")
        .containsPattern("there and back +not tried");
  }

  @Test
  void triesTheBrokerWhenTheGatewayIsGone() {
    assertThat(probe(1, broker.url())).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("sensor <-> gateway +FAILED: CONNECT: nothing listens there")
        .containsPattern("application <-> broker, acknowledged +\\d+\\.\\d\\d ms");
  }

  @Test
  void suspectsAnotherBrokerWhenNothingArrives() throws Exception {
    try (EmbeddedBroker other = EmbeddedBroker.start()) {
      assertThat(probe(installation.port(), other.url(), "-W", "1")).isEqualTo(1);
    }
    assertThat(out.toString())
        .containsPattern(
            "sensor -> .* -> application +FAILED: .* is this the broker of the gateway")
        .containsPattern(
            "application -> .* -> sensor +FAILED: .* is this the broker of the gateway");
  }

  @Test
  void tellsWhatIsWrongWithItsOptions() {
    assertThat(execute("-b", "http://broker")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(execute("-n", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString())
        .contains("-b is 'http://broker', expected a URL that begins with")
        .contains("-n is 0, expected 1 to 1000");
  }

  private int probe(int port, String brokerUrl, String... more) {
    String[] arguments = new String[6 + more.length];
    String[] ends = {"-h", "127.0.0.1", "-p", Integer.toString(port), "-b", brokerUrl};
    System.arraycopy(ends, 0, arguments, 0, ends.length);
    System.arraycopy(more, 0, arguments, ends.length, more.length);
    return execute(arguments);
  }

  private int execute(String... arguments) {
    return new CommandLine(new ProbeCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
