package mqttsn.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A line of a golden file, which explains its notation at its top.
 *
 * @param encodes whether the text encodes to the octets, besides the other way
 */
record Vector(String name, Octets octets, String text, boolean encodes) {

  private static final Pattern LINE = Pattern.compile("(\\w+): ([^=>]*)([=>]) (.*)");
  private static final Pattern REPETITION = Pattern.compile("\\((\\w+)\\)\\*(\\d+)");

  static List<Vector> bothDirections() {
    return read("both-directions.txt");
  }

  static List<Vector> toGateway() {
    return read("to-gateway.txt");
  }

  static List<Vector> toClient() {
    return read("to-client.txt");
  }

  static List<Vector> malformed() {
    return read("malformed.txt");
  }

  static List<Vector> all() {
    return Stream.of(bothDirections(), toGateway(), toClient(), malformed())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Vector> read(String resource) {
    InputStream in = Objects.requireNonNull(Vector.class.getResourceAsStream(resource), resource);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(Vector::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector of(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(line + ": expected ID: octets = text");
    }
    return new Vector(
        parts.group(1),
        Octets.hex(expand(parts.group(2)).replace(" ", "")),
        expand(parts.group(4)),
        parts.group(3).equals("="));
  }

  private static String expand(String text) {
    return REPETITION
        .matcher(text)
        .replaceAll(found -> found.group(1).repeat(Integer.parseInt(found.group(2))));
  }

  @Override
  public String toString() {
    return name;
  }
}
