package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mqttsn.gateway.session.Conformance.Rule;
import org.junit.jupiter.api.Test;

/** Rules, proofs, interpretations and the two documents about them say the same. */
class ConformanceTest {

  private static final Path DOCUMENT = Path.of("../docs/conformance.md");
  private static final Path INTERPRETATIONS = Path.of("../docs/spec-interpretation.md");
  private static final Pattern ENTRY = Pattern.compile("^## SI-([0-9]+) ", Pattern.MULTILINE);
  private static final Pattern TEST_NAME = Pattern.compile("`([0-9a-z.]+-[-0-9a-z]+|\\w+Test)`");

  @Test
  void everyRuleHasAProof() throws IOException {
    List<String> numbers = Conformance.rules().stream().map(Rule::number).toList();
    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(Conformance.proofs().keySet()).containsAll(numbers);
  }

  @Test
  void everyScenarioProvesRulesThatThereAre() throws IOException {
    assertThat(Conformance.rules())
        .extracting(Rule::number)
        .containsAll(Conformance.proofs().keySet());
    assertThat(Resources.scenarios())
        .allSatisfy(file -> assertThat(Files.readString(file)).contains("\n# proves "));
  }

  @Test
  void documentSaysWhatTheTestsSay() throws IOException {
    String document = Conformance.document();
    if (Boolean.getBoolean("conformance.write")) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(Files.readString(DOCUMENT))
        .as(
            "docs/conformance.md; to regenerate it: ./mvnw -pl gateway -am test"
                + " -Dtest=ConformanceTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dconformance.write=true")
        .isEqualTo(document);
  }

  @Test
  void everyInterpretationIsInTheCodeAndInTheDocument() throws IOException {
    NavigableSet<Integer> inCode = new TreeSet<>();
    for (String module : List.of("gateway", "codec-mqttsn", "topic-registry")) {
      for (Path source : Conformance.files(Path.of("..", module, "src/main/java"), ".java")) {
        inCode.addAll(Conformance.interpretations(Files.readString(source)));
      }
    }
    NavigableSet<Integer> entries = entries();
    assertThat(inCode).isEqualTo(entries);
    assertThat(entries).contains(1, entries.size());
    assertThat(Conformance.interpretations(Files.readString(DOCUMENT))).isSubsetOf(entries);
  }

  @Test
  void testsThatInterpretationsNameExist() throws IOException {
    List<String> names =
        Conformance.proofs().values().stream().flatMap(NavigableSet::stream).distinct().toList();
    String[] entries = Files.readString(INTERPRETATIONS).split("\n## ", -1);
    for (int i = 1; i < entries.length; i++) {
      String proof = entries[i].substring(entries[i].indexOf("*Shown by:*"));
      List<String> named = TEST_NAME.matcher(proof).results().map(found -> found.group(1)).toList();
      assertThat(named).as(entries[i]).isNotEmpty().allMatch(names::contains);
    }
  }

  private static NavigableSet<Integer> entries() throws IOException {
    NavigableSet<Integer> entries = new TreeSet<>();
    Matcher entry = ENTRY.matcher(Files.readString(INTERPRETATIONS));
    while (entry.find()) {
      entries.add(Integer.valueOf(entry.group(1)));
    }
    return entries;
  }
}
