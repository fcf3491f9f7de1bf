package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the wire cannot say does not exist as a value either. */
class MessageTest {

  static Stream<Arguments> impossible() {
    return Stream.of(
        row(() -> new Advertise(256, 0), "gwId is 256, expected 0 to 255"),
        row(() -> new Advertise(0, 65536), "durationSeconds is 65536, expected 0 to 65535"),
        row(() -> new SearchGw(-1), "radius is -1, expected 0 to 255"),
        row(() -> new GwInfo(-1, Octets.EMPTY), "gwId is -1, expected 0 to 255"),
        row(() -> new Connect(false, true, -1, "a"), "durationSeconds is -1"),
        row(() -> new Connect(false, true, 1, "a\0"), "clientId has U+0000"),
        row(() -> new Connect(false, true, 1, "\uD83D"), "clientId has U+0000 or half"),
        row(() -> new Register(65536, 0, "a"), "topicId is 65536"),
        row(() -> new Register(0, 65536, "a"), "msgId is 65536"),
        row(() -> new Register(0, 1, ""), "topicName is empty, expected at least one"),
        row(() -> new RegAck(-1, 0, ReturnCode.ACCEPTED), "topicId is -1"),
        row(() -> new RegAck(0, -1, ReturnCode.ACCEPTED), "msgId is -1"),
        row(() -> new PubAck(65536, 0, ReturnCode.ACCEPTED), "topicId is 65536"),
        row(() -> new PubAck(0, 65536, ReturnCode.ACCEPTED), "msgId is 65536"),
        row(() -> new PubRec(-1), "msgId is -1"),
        row(() -> new PubRel(65536), "msgId is 65536"),
        row(() -> new PubComp(65536), "msgId is 65536"),
        row(() -> new UnsubAck(65536), "msgId is 65536"),
        row(() -> new Named(""), "topicName is empty"),
        row(() -> new NormalId(65536), "topicId is 65536"),
        row(() -> new PredefinedId(-1), "topicId is -1"),
        row(() -> new ShortName("a"), "short topicName is \"a\", expected two octets"),
        row(() -> new ShortName("äb"), "expected two octets"),
        row(() -> new ShortName("a\0"), "expected two octets"),
        row(
            () -> new Subscribe(false, Qos.MINUS_ONE, 1, new Named("a")),
            "qos is -1, expected 0, 1 or 2"),
        row(() -> new SubAck(Qos.MINUS_ONE, 1, 1, ReturnCode.ACCEPTED), "qos is -1"),
        row(() -> new WillTopic(Qos.MINUS_ONE, false, "a"), "qos is -1"),
        row(() -> new WillTopicUpd(Qos.ONE, false, ""), "willTopic is empty but has flags"),
        row(() -> new WillTopic(Qos.ZERO, true, ""), "willTopic is empty but has flags"),
        row(
            () -> new Publish(false, Qos.MINUS_ONE, false, new NormalId(1), 0, Octets.EMPTY),
            "with QoS -1, expected a predefined id or a short name"),
        row(
            () -> new Publish(false, Qos.ONE, false, new NormalId(1), 65536, Octets.EMPTY),
            "msgId is 65536"),
        row(() -> new Disconnect(65536), "durationSeconds is 65536"),
        row(() -> new PingReq("\0"), "clientId has U+0000"),
        row(() -> new Encapsulation(4, Octets.EMPTY), "radius is 4, expected 0 to 3"),
        row(
            () -> new Encapsulation(0, Octets.hex("00".repeat(253))),
            "nodeId has 253 octets, expected at most 252"),
        row(
            () -> new Unusable(MessageType.PUBLISH, 65536, 0, Reject.INVALID_STRING),
            "topicId is 65536"),
        row(() -> Qos.ofLevel(3), "qos is 3, expected -1, 0, 1 or 2"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void constructorsNameTheValueAndWhatWasExpected(ThrowingCallable constructor, String said) {
    assertThatIllegalArgumentException().isThrownBy(constructor).withMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({"t1, 0x7431", "~~, 0x7E7E", "\u0080, 0xC280", "ä, 0xC3A4", "\u07FF, 0xDFBF"})
  void aShortNameIsItsTwoOctets(String name, int topicId) {
    assertThat(new ShortName(name).topicId()).isEqualTo(topicId);
  }

  @Test
  void everyTypeIsFoundByItsCode() {
    for (MessageType type : MessageType.values()) {
      assertThat(MessageType.fromCode(type.code())).isSameAs(type);
    }
    assertThat(MessageType.fromCode(0x03)).isNull();
    assertThat(MessageType.fromCode(0xFE)).isNull();
    assertThat(MessageType.fromCode(0xFF)).isNull();
  }

  @Test
  void labelsOfReasonsAreDistinctAndKebab() {
    assertThat(Stream.of(Reject.values()).map(Reject::label))
        .doesNotHaveDuplicates()
        .allMatch(label -> label.matches("[a-z]+(-[a-z]+)*"));
  }

  private static Arguments row(ThrowingCallable constructor, String said) {
    return Arguments.of(constructor, said);
  }
}
