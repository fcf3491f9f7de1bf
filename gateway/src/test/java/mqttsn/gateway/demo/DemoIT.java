package mqttsn.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.testing.ProcessOutput;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first command of the README, from the layout that the build has made. */
class DemoIT {

  private static final Path LAUNCHER = Path.of("target/mqttsn-gateway/bin/mqttsn-gateway");

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo --all-parts"})
  void endsByItselfWhenEveryMessageHasArrived(String arguments, @TempDir Path folder)
      throws Exception {
    ProcessBuilder launch = new ProcessBuilder(LAUNCHER.toString()).redirectErrorStream(true);
    launch.command().addAll(List.of(arguments.split(" ")));
    launch.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
    Process demo = launch.start();
    try {
      List<String> lines = ProcessOutput.of(demo.inputReader(StandardCharsets.UTF_8)).awaitEnd();
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(String.join("\n", lines))
          .containsPattern("thermometer .* 3 of 3 arrived")
          .containsPattern("button .* 3 of 3 arrived")
          .containsPattern("lamp .* 3 of 3 arrived")
          .endsWith("Every message arrived.");
      assertThat(demo.exitValue()).isZero();
      assertThat(folder).isEmptyDirectory();
    } finally {
      demo.destroyForcibly();
    }
  }
}
