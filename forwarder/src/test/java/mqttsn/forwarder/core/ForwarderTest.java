package mqttsn.forwarder.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every file in {@code scenarios} is what happened when it was played. */
class ForwarderTest {

  @TestFactory
  Stream<DynamicTest> doesWhatTheScenariosSay() throws IOException, URISyntaxException {
    URL directory = Objects.requireNonNull(getClass().getResource("/scenarios"));
    List<Path> files;
    try (Stream<Path> found = Files.list(Path.of(directory.toURI()))) {
      files = found.sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> playsBackUnchanged(file)));
  }

  private static void playsBackUnchanged(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertThat(String.join("\n", Scenario.play(lines))).isEqualTo(String.join("\n", lines));
  }

  private static String name(Path file) {
    return Objects.requireNonNull(file.getFileName()).toString();
  }
}
