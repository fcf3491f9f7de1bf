package mqttsn.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class ServingTest {
  private final Serving<SampleDaemon.Configuration> serving = new Serving<>(new SampleDaemon());

  @Test
  void runsWithTheUsualFile() {
    assertThat(serving.plainly("run")).isEqualTo(Path.of("conf/sample.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run -c a.yaml", "run --config a.yaml", "run -c /b/a=c", "run -c run"})
  void readsAPlainCommandLineAsTheParserDoes(String line) {
    String[] args = line.split(" ");

    ParseResult parsed = parsed(args);

    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("run");
    assertThat(serving.plainly(args))
        .isEqualTo(parsed.subcommand().matchedOptionValue("--config", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check-config",
        "run --help",
        "run -c",
        "run -c --help",
        "run -c @arguments",
        "run --config=a.yaml",
        "run -c a.yaml b.yaml",
        "check-config -c a.yaml",
        "run --verbose a.yaml",
      })
  void leavesEverythingElseToTheParser(String line) {
    assertThat(serving.plainly(line.split(" "))).isNull();
  }

  private static ParseResult parsed(String... args) {
    CommandLine commandLine = CommandLineProgram.commandLine(new SampleDaemon());
    return commandLine.parseArgs(args);
  }
}
