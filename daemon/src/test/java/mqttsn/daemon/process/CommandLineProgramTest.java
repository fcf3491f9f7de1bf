package mqttsn.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineProgramTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int execute(String... args) {
    CommandLine commandLine = CommandLineProgram.commandLine(new SampleDaemon());
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return commandLine.execute(args);
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("a.yaml"), yaml).toString();
  }

  @Test
  void printsTheConfigurationInForce() throws IOException {
    assertThat(execute("check-config", "--config", file("fault: loop"))).isEqualTo(ExitCode.OK);
    assertThat(out).hasToString("level: info\nfault: loop\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void saysInOneLineWhatIsWrongWithTheFile() throws IOException {
    String file = file("\nfault: big");

    assertThat(execute("check-config", "-c", file)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines())
        .containsExactly(
            file
                + ":2:8: fault: expected one of none, socket, file, loop, uncaught, stop, found"
                + " \"big\"");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void checksTheFilesThatTheConfigurationNames() throws IOException {
    assertThat(execute("check-config", "--config", file("fault: file"))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("topics.csv:3: ");
  }

  @Test
  void knowsItsNameVersionAndHelp() {
    assertThat(execute("--version")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("sample ");
    assertThat(execute("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("Does nothing.", "run", "check-config", "sample share-classes");
    assertThat(execute("run", "--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("--config=FILE");
    assertThat(execute("check-config", "--version")).isEqualTo(ExitCode.OK);
  }

  @Test
  void wantsACommand() {
    assertThat(execute()).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("Expected a command", "Usage: sample");
  }
}
