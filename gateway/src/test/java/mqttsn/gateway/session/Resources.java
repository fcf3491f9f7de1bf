package mqttsn.gateway.session;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The text files of the tests. */
final class Resources {

  private Resources() {}

  static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Resources.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  static List<String> lines(String name) throws IOException {
    return Files.readAllLines(path(name));
  }

  /** The scenario files, in the order of their names. */
  static List<Path> scenarios() throws IOException {
    try (Stream<Path> all = Files.list(path("/scenarios"))) {
      return all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }
}
