package mqttsn.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.testing.ProcessOutput;
import org.junit.jupiter.api.Test;

/** The first command of the README, from the layout that the build has made. */
class DemoIT {

  private static final Path LAUNCHER = Path.of("target/mqttsn-gateway/bin/mqttsn-gateway");

  @Test
  void endsByItselfWhenEveryMessageHasArrived() throws Exception {
    Process demo =
        new ProcessBuilder(LAUNCHER.toString(), "demo").redirectErrorStream(true).start();
    try {
      List<String> lines = ProcessOutput.of(demo.inputReader(StandardCharsets.UTF_8)).awaitEnd();
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(String.join("\n", lines))
          .containsPattern("thermometer .* 3 of 3 arrived")
          .containsPattern("button .* 3 of 3 arrived")
          .containsPattern("lamp .* 3 of 3 arrived")
          .endsWith("Every message arrived.");
      assertThat(demo.exitValue()).isZero();
    } finally {
      demo.destroyForcibly();
    }
  }
}
