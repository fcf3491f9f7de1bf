package mqttsn.topic;

import static org.assertj.core.api.Assertions.assertThat;

import mqttsn.codec.ShortName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"t1", "/a", "//", "é", "\u0080", "\u07FF"})
  void sendsNamesOfTwoOctetsAsShortNames(String name) {
    assertThat(TopicNames.shortName(name)).isEqualTo(new ShortName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "abc", "éa", "éé", "温", "\u0800", "😀"})
  void sendsNoOtherNameAsShortName(String name) {
    assertThat(TopicNames.shortName(name)).isNull();
  }
}
