package mqttsn.topic;

import static mqttsn.topic.TopicFault.BROKEN_SHARE;
import static mqttsn.topic.TopicFault.EMPTY;
import static mqttsn.topic.TopicFault.FORBIDDEN_CHARACTER;
import static mqttsn.topic.TopicFault.MISPLACED_WILDCARD;
import static mqttsn.topic.TopicFault.TOO_LONG;
import static mqttsn.topic.TopicFault.TOO_MANY_LEVELS;
import static mqttsn.topic.TopicFault.WILDCARD_IN_NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and filters that brokers take: proves 6.5-4 6.9-4. */
class TopicRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "/", "//", "a/b", "/a/", "a b", " ", "$SYS/x", "$share/g/x", "é", "温度", "😀"})
  void allowsNames(String name) {
    assertThat(TopicRules.DEFAULT.faultOfName(name)).isNull();
    assertThat(TopicRules.DEFAULT.allowsName(name)).isTrue();
  }

  static List<Arguments> refusedNames() {
    return List.of(
        Arguments.of("", EMPTY),
        Arguments.of("+", WILDCARD_IN_NAME),
        Arguments.of("a/#", WILDCARD_IN_NAME),
        Arguments.of("a+b", WILDCARD_IN_NAME),
        Arguments.of("a\u0000b", FORBIDDEN_CHARACTER),
        Arguments.of("a\tb", FORBIDDEN_CHARACTER),
        Arguments.of("a\u001F", FORBIDDEN_CHARACTER),
        Arguments.of("a\u007F", FORBIDDEN_CHARACTER),
        Arguments.of("a\u009F", FORBIDDEN_CHARACTER),
        Arguments.of("a\uD83D", FORBIDDEN_CHARACTER),
        Arguments.of("\uDE00a", FORBIDDEN_CHARACTER),
        Arguments.of("a\uFDD0", FORBIDDEN_CHARACTER),
        Arguments.of("a\uFFFE", FORBIDDEN_CHARACTER),
        Arguments.of("a\uFFFF", FORBIDDEN_CHARACTER),
        Arguments.of(Character.toString(0x1FFFE), FORBIDDEN_CHARACTER));
  }

  @ParameterizedTest
  @MethodSource("refusedNames")
  void refusesNames(String name, TopicFault fault) {
    assertThat(TopicRules.DEFAULT.faultOfName(name)).isEqualTo(fault);
    assertThat(TopicRules.DEFAULT.allowsName(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "/",
        "#",
        "+",
        "+/+",
        "/+/",
        "a/#",
        "+/b/#",
        "/#",
        "$SYS/#",
        "$share/g/a",
        "$share/g/#",
        "$share/g//",
        "$shared",
        "温度/+"
      })
  void allowsFilters(String filter) {
    assertThat(TopicRules.DEFAULT.faultOfFilter(filter)).isNull();
    assertThat(TopicRules.DEFAULT.allowsFilter(filter)).isTrue();
  }

  static List<Arguments> refusedFilters() {
    return List.of(
        Arguments.of("", EMPTY),
        Arguments.of("a#", MISPLACED_WILDCARD),
        Arguments.of("#a", MISPLACED_WILDCARD),
        Arguments.of("#/", MISPLACED_WILDCARD),
        Arguments.of("a/#/b", MISPLACED_WILDCARD),
        Arguments.of("##", MISPLACED_WILDCARD),
        Arguments.of("a+", MISPLACED_WILDCARD),
        Arguments.of("+a", MISPLACED_WILDCARD),
        Arguments.of("a/+b/c", MISPLACED_WILDCARD),
        Arguments.of("++", MISPLACED_WILDCARD),
        Arguments.of("+#", MISPLACED_WILDCARD),
        Arguments.of("$share", BROKEN_SHARE),
        Arguments.of("$share/", BROKEN_SHARE),
        Arguments.of("$share/g", BROKEN_SHARE),
        Arguments.of("$share/g/", BROKEN_SHARE),
        Arguments.of("$share//a", BROKEN_SHARE),
        Arguments.of("$share/+/a", BROKEN_SHARE),
        Arguments.of("$share/g#/a", BROKEN_SHARE),
        Arguments.of("$share/g/a#", MISPLACED_WILDCARD),
        Arguments.of("a\u0000/#", FORBIDDEN_CHARACTER),
        Arguments.of("\u0001", FORBIDDEN_CHARACTER));
  }

  @ParameterizedTest
  @MethodSource("refusedFilters")
  void refusesFilters(String filter, TopicFault fault) {
    assertThat(TopicRules.DEFAULT.faultOfFilter(filter)).isEqualTo(fault);
    assertThat(TopicRules.DEFAULT.allowsFilter(filter)).isFalse();
  }

  @Test
  void countsOctetsOfUtf8AndNotCharacters() {
    TopicRules rules = new TopicRules(6, 8);
    assertThat(rules.faultOfName("aaaaaa")).isNull();
    assertThat(rules.faultOfName("aaaaaaa")).isEqualTo(TOO_LONG);
    assertThat(rules.faultOfName("ééé")).isNull();
    assertThat(rules.faultOfName("éééa")).isEqualTo(TOO_LONG);
    assertThat(rules.faultOfName("\u07FF\u07FF\u07FF")).isNull();
    assertThat(rules.faultOfName("\u0800\u0800")).isNull();
    assertThat(rules.faultOfName("\u0800\u0800a")).isEqualTo(TOO_LONG);
    assertThat(rules.faultOfName("温度")).isNull();
    assertThat(rules.faultOfFilter("温度a")).isEqualTo(TOO_LONG);
    assertThat(rules.faultOfName("😀aa")).isNull();
    assertThat(rules.faultOfName("😀aaa")).isEqualTo(TOO_LONG);
    assertThat(TopicRules.DEFAULT.faultOfName("a".repeat(65_535))).isNull();
    assertThat(TopicRules.DEFAULT.faultOfName("a".repeat(65_536))).isEqualTo(TOO_LONG);
  }

  @Test
  void countsEmptyLevelsToo() {
    TopicRules rules = new TopicRules(100, 3);
    assertThat(rules.faultOfName("a/b/c")).isNull();
    assertThat(rules.faultOfName("//")).isNull();
    assertThat(rules.faultOfName("///")).isEqualTo(TOO_MANY_LEVELS);
    assertThat(rules.faultOfFilter("+/+/+/#")).isEqualTo(TOO_MANY_LEVELS);
  }

  @Test
  void refusesLimitsThatMqttCannotHave() {
    assertThatThrownBy(() -> new TopicRules(0, 1)).hasMessage("maxBytes 0: expected 1 to 65535");
    assertThatThrownBy(() -> new TopicRules(65_536, 1)).hasMessageStartingWith("maxBytes 65536");
    assertThatThrownBy(() -> new TopicRules(1, 0)).hasMessage("maxLevels 0: expected 1 or more");
  }
}
