package mqttsn.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The first command of the README, from the layout that the build has made. */
class DemoIT {

  private static final Path LAUNCHER = Path.of("target/mqttsn-gateway/bin/mqttsn-gateway");

  @Test
  void endsByItselfWhenEveryMessageHasArrived() throws Exception {
    Process demo =
        new ProcessBuilder(LAUNCHER.toString(), "demo").redirectErrorStream(true).start();
    try {
      String said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said)
          .containsPattern("thermometer .* 3 of 3 arrived")
          .containsPattern("button .* 3 of 3 arrived")
          .containsPattern("lamp .* 3 of 3 arrived")
          .endsWith("Every message arrived." + System.lineSeparator());
      assertThat(demo.exitValue()).isZero();
    } finally {
      demo.destroyForcibly();
    }
  }
}
