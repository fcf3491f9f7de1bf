package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.testing.ProcessOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the distributed program promises to those who start and stop it. */
@Timeout(60)
class ProgramIT {

  private static final String LAUNCHER = "target/mqttsn-forwarder/bin/mqttsn-forwarder";

  @RegisterExtension private final Parts parts = new Parts();
  @TempDir private Path folder;

  @Test
  void isReadyWithoutAGatewayAndEndsOnSigterm() throws Exception {
    Process program =
        run(
            """
            nodes: {listen: ["127.0.0.1:0"], groups: ["239.255.72.1:1883"], interface: none0}
            gateway: {address: "no-such-host.invalid:1884"}
            admin: {listen: "127.0.0.1:0"}
            """);
    ProcessOutput lines = ProcessOutput.of(program.errorReader());
    lines.await(" is ready");
    assertThat(program.toHandle().destroy()).isTrue();
    assertThat(program.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isZero();
    assertThat(lines.awaitEnd()).last().asString().endsWith("Stopped");
  }

  @Test
  void endsWithExitCode1WhenAPortIsTaken() throws Exception {
    int port = parts.socket("127.0.0.1").port();
    Process program = run("nodes: {listen: [\"127.0.0.1:%d\"]}".formatted(port));
    assertThat(errors(program)).last().asString().contains("UDP 127.0.0.1:" + port);
    assertThat(program.waitFor()).isEqualTo(1);
  }

  @Test
  void endsWithExitCode1AndOneLineWhenTheAdminPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Process program =
          run(
              """
              nodes: {listen: ["127.0.0.1:0"]}
              admin: {listen: "%s"}
              log: {level: warn}
              """
                  .formatted(address));
      assertThat(errors(program))
          .containsExactly("cannot listen on TCP " + address + ": Address in use");
      assertThat(program.waitFor()).isEqualTo(1);
    }
  }

  @Test
  void endsWithExitCode2AndOneLineWhenTheConfigurationIsBad() throws Exception {
    Process program = run("nodes: {listn: []}");
    assertThat(errors(program))
        .containsExactly(
            folder.resolve("forwarder.yaml")
                + ":1:9: unknown key \"nodes.listn\", did you mean \"listen\"?");
    assertThat(program.waitFor()).isEqualTo(2);
  }

  private Process run(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("forwarder.yaml"), yaml);
    Process program = new ProcessBuilder(LAUNCHER, "run", "--config", file.toString()).start();
    parts.add(() -> program.destroyForcibly());
    return program;
  }

  private static List<String> errors(Process program) {
    return ProcessOutput.of(program.errorReader()).awaitEnd();
  }
}
