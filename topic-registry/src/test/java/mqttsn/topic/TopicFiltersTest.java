package mqttsn.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFiltersTest {

  @ParameterizedTest
  @CsvSource({
    "a,               a",
    "a/b,             a/b",
    "#,               a",
    "#,               a/b",
    "#,               /",
    "+,               a",
    "+/+,             a/b",
    "+/+,             /a",
    "/+,              /a",
    "a/+/c,           a/b/c",
    "a/+/c,           a//c",
    "a/+,             a/",
    "a/#,             a",
    "a/#,             a/",
    "a/#,             a/b/c",
    "+/#,             a",
    "/#,              /",
    "/#,              /a",
    "$SYS/#,          $SYS/load",
    "$SYS/+,          $SYS/load",
    "$SYS/load,       $SYS/load",
    "a/+/#,           a/$b",
    "$share/g/a/+,    a/b",
    "$share/g/#,      a",
    "$share/g//a,     /a",
  })
  void matches(String filter, String name) {
    assertThat(TopicFilters.matches(filter, name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a,               b",
    "a,               A",
    "a,               a/",
    "a,               /a",
    "a/b,             a",
    "a/b,             a/bc",
    "a/bc,            a/b",
    "+,               a/b",
    "+,               /a",
    "+/+,             a",
    "a/+,             a",
    "a/+,             a/b/c",
    "a/+/c,           a/b/d",
    "a/#,             ab",
    "a/#,             b/a",
    "a/+/#,           a",
    "#,               $SYS/load",
    "+/load,          $SYS/load",
    "+,               $SYS",
    "$share/g/#,      $SYS/load",
    "$share/g/a,      $share/g/a",
  })
  void doesNotMatch(String filter, String name) {
    assertThat(TopicFilters.matches(filter, name)).isFalse();
  }

  @Test
  void matchesAsTheDefinitionLevelByLevelDoes() {
    Random random = new Random(20);
    int matches = 0;
    for (int i = 0; i < 200_000; i++) {
      String name = randomLevels(random, List.of("", "a", "b", "ab", "$a"));
      String filter = randomLevels(random, List.of("", "a", "b", "ab", "$a", "+", "+", "#"));
      if (TopicRules.DEFAULT.allowsFilter(filter) && TopicRules.DEFAULT.allowsName(name)) {
        boolean expected = matchesByDefinition(filter, name);
        assertThat(TopicFilters.matches(filter, name))
            .as("%s %s", filter, name)
            .isEqualTo(expected);
        matches += expected ? 1 : 0;
      }
    }
    assertThat(matches).isGreaterThan(1_000);
  }

  @Test
  void tellsTheOnlyNameOfAFilter() {
    assertThat(TopicFilters.onlyName("a/b")).isEqualTo("a/b");
    assertThat(TopicFilters.onlyName("$share/pumps/a/b")).isEqualTo("a/b");
    assertThat(TopicFilters.onlyName("a/+")).isNull();
    assertThat(TopicFilters.onlyName("$share/pumps/#")).isNull();
  }

  private static String randomLevels(Random random, List<String> levels) {
    StringBuilder text = new StringBuilder(levels.get(random.nextInt(levels.size())));
    for (int more = random.nextInt(4); more > 0; more--) {
      text.append('/').append(levels.get(random.nextInt(levels.size())));
    }
    return text.toString();
  }

  private static boolean matchesByDefinition(String filter, String name) {
    boolean wildcardFirst = filter.startsWith("+") || filter.startsWith("#");
    if (wildcardFirst && name.startsWith("$")) {
      return false;
    }
    return matches(List.of(filter.split("/", -1)), List.of(name.split("/", -1)));
  }

  private static boolean matches(List<String> filter, List<String> name) {
    if (filter.isEmpty() || filter.get(0).equals("#")) {
      return !filter.isEmpty() || name.isEmpty();
    }
    if (name.isEmpty()) {
      return false;
    }
    return (filter.get(0).equals("+") || filter.get(0).equals(name.get(0)))
        && matches(filter.subList(1, filter.size()), name.subList(1, name.size()));
  }
}
