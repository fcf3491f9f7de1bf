package mqttsn.gateway.session;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every scenario file; the file names begin with the section of the standard. */
class ScenarioTest {

  @TestFactory
  Stream<DynamicTest> scenarios() throws IOException {
    return Resources.scenarios().stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () ->
                        new Scenario()
                            .play(file.getFileName().toString(), Files.readAllLines(file))));
  }
}
