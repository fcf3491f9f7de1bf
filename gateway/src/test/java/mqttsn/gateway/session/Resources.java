package mqttsn.gateway.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The text files of the tests, read where they are written: a build directory has old ones too. */
final class Resources {

  private static final Path ROOT = Path.of("src/test/resources");

  private Resources() {}

  static List<String> lines(String name) throws IOException {
    return Files.readAllLines(ROOT.resolve(name));
  }

  /** The scenario files, in the order of their names. */
  static List<Path> scenarios() throws IOException {
    try (Stream<Path> all = Files.list(ROOT.resolve("scenarios"))) {
      return all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }
}
