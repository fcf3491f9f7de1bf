package mqttsn.gateway.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules of the standard, and the tests that prove them: {@code docs/conformance.md}. */
final class Conformance {

  /** A rule of {@code conformance/rules.txt}. */
  record Rule(String section, String number, String text) {

    boolean isDeviation() {
      return text.contains("[SI-");
    }
  }

  private static final Pattern RULE = Pattern.compile("([0-9a-z.]+-[0-9]+) (.+)");
  private static final Pattern PROVES = Pattern.compile("proves((?: [0-9a-z.]+-[0-9]+)+)");
  private static final Pattern INTERPRETATION = Pattern.compile("SI-([0-9]+)");

  private Conformance() {}

  static List<Rule> rules() throws IOException {
    List<Rule> rules = new ArrayList<>();
    String section = "";
    for (String line : Resources.lines("conformance/rules.txt")) {
      Matcher rule = RULE.matcher(line);
      if (line.startsWith("== ")) {
        section = line.substring(3);
      } else if (rule.matches()) {
        rules.add(new Rule(section, rule.group(1), rule.group(2)));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new IllegalArgumentException("not a rule: " + line);
      }
    }
    return rules;
  }

  /** The tests that say which rules they prove, by rule number. */
  static Map<String, NavigableSet<String>> proofs() throws IOException {
    Map<String, NavigableSet<String>> proofs = new LinkedHashMap<>();
    List<Path> tests = new ArrayList<>(Resources.scenarios());
    for (String module : List.of("gateway", "codec-mqttsn", "topic-registry")) {
      tests.addAll(files(Path.of("..", module, "src/test/java"), "Test.java"));
    }
    for (Path test : tests) {
      String name = test.getFileName().toString().replaceFirst("\\.(txt|java)$", "");
      Matcher proves = PROVES.matcher(Files.readString(test));
      while (proves.find()) {
        for (String number : proves.group(1).strip().split(" ")) {
          proofs.computeIfAbsent(number, n -> new TreeSet<>()).add(name);
        }
      }
    }
    return proofs;
  }

  /** The numbers of the interpretations that a text names. */
  static NavigableSet<Integer> interpretations(String text) {
    NavigableSet<Integer> numbers = new TreeSet<>();
    Matcher matcher = INTERPRETATION.matcher(text);
    while (matcher.find()) {
      numbers.add(Integer.valueOf(matcher.group(1)));
    }
    return numbers;
  }

  static List<Path> files(Path directory, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** The document, as it has to be. */
  static String document() throws IOException {
    List<Rule> rules = rules();
    Map<String, NavigableSet<String>> proofs = proofs();
    StringBuilder text =
        new StringBuilder(
            """
            # Conformance with MQTT-SN 1.2

            Each rule of the standard that binds a gateway, in our own words, and the tests that prove it. A name that
            begins with a section number or a word in lower case is a scenario of `gateway/src/test/resources/scenarios`;
            `StateByMessageTest` meets every state with every message, `MalformedDatagramsTest` sends what is malformed
            or borderline. `SI-n` are entries of [spec-interpretation.md](spec-interpretation.md).

            This page is generated from the tests; `ConformanceTest` fails when it does not say what they say.
            """);
    String section = "";
    for (Rule rule : rules) {
      if (!rule.section().equals(section)) {
        section = rule.section();
        text.append("\n## ").append(isOfTheStandard(rule) ? "§" : "").append(heading(section));
        text.append("\n\n| | Rule | Proved by |\n|---|---|---|\n");
      }
      text.append("| ").append(rule.number()).append(" | ").append(rule.text()).append(" | ");
      text.append(String.join("<br>", proofs.getOrDefault(rule.number(), new TreeSet<>())));
      text.append(" |\n");
    }
    text.append("\n## Deviations\n\nWhere this gateway does other than the standard says:\n\n");
    rules.stream()
        .filter(Rule::isDeviation)
        .forEach(
            r -> text.append("* ").append(r.number()).append(": ").append(r.text()).append("\n"));
    return text.toString();
  }

  private static boolean isOfTheStandard(Rule rule) {
    return Character.isDigit(rule.number().charAt(0));
  }

  /** What stands outside the standard has no section number, only a word before its title. */
  private static String heading(String section) {
    return Character.isDigit(section.charAt(0))
        ? section
        : section.substring(section.indexOf(' ') + 1);
  }
}
