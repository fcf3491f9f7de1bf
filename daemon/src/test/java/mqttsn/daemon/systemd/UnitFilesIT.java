package mqttsn.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd itself says about our units. */
@Tag("machine")
class UnitFilesIT {
  private static final Path UNITS = Path.of("..", "systemd");

  private static int analyze(Path output, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("systemd-analyze"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttsn-gateway.service", "mqttsn-forwarder.service"})
  void areHardenedToAnExposureOfTwoOrLess(String unit, @TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");

    // The threshold is in tenths.
    int exitCode =
        analyze(
            output,
            List.of(
                "security",
                "--no-pager",
                "--offline=true",
                "--threshold=20",
                UNITS.resolve(unit).toString()));

    assertThat(exitCode).as(Files.readString(output)).isZero();
  }

  @Test
  void areWithoutFaultsOfForm(@TempDir Path folder) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("verify"));
    try (Stream<Path> units = Files.list(UNITS)) {
      for (Path unit : units.toList()) {
        // The programs are not installed where this test runs.
        String text = Files.readString(unit).replaceAll("/usr/bin/mqttsn-[a-z]+", "/bin/true");
        Path copy = folder.resolve(unit.getFileName());
        arguments.add(Files.writeString(copy, text, StandardCharsets.UTF_8).toString());
      }
    }
    Path output = folder.resolve("output");

    int exitCode = analyze(output, arguments);

    assertThat(Files.readString(output)).isEmpty();
    assertThat(exitCode).isZero();
  }
}
