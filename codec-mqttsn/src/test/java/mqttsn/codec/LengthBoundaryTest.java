package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the Length changes its form, and where it ends (§5.2.1): proves 5.2-1. */
class LengthBoundaryTest {

  /** A message that has no greatest length of its own, by the octets of its last field. */
  record Tail(MessageType type, IntFunction<Message> message) {

    /** The message with so many octets from MsgType on. */
    Message of(int octets) {
      return message.apply(octets - 1 - type.fixedOctets());
    }

    @Override
    public String toString() {
      return type.name();
    }
  }

  static Stream<Tail> tails() {
    return Stream.of(
        new Tail(MessageType.GWINFO, n -> new GwInfo(1, octets(n))),
        new Tail(MessageType.CONNECT, n -> new Connect(false, true, 60, "x".repeat(n))),
        new Tail(MessageType.WILLTOPIC, n -> new WillTopic(Qos.ONE, true, "x".repeat(n - 1))),
        new Tail(MessageType.WILLMSG, n -> new WillMsg(octets(n))),
        new Tail(MessageType.REGISTER, n -> new Register(1, 2, "x".repeat(n))),
        new Tail(
            MessageType.PUBLISH,
            n -> new Publish(false, Qos.ONE, false, new NormalId(1), 2, octets(n))),
        new Tail(
            MessageType.SUBSCRIBE, n -> new Subscribe(false, Qos.ONE, 1, new Named("x".repeat(n)))),
        new Tail(MessageType.UNSUBSCRIBE, n -> new Unsubscribe(1, new Named("x".repeat(n)))),
        new Tail(MessageType.PINGREQ, n -> new PingReq("x".repeat(n))),
        new Tail(MessageType.WILLTOPICUPD, n -> new WillTopicUpd(Qos.ONE, true, "x".repeat(n - 1))),
        new Tail(MessageType.WILLMSGUPD, n -> new WillMsgUpd(octets(n))));
  }

  @ParameterizedTest
  @MethodSource("tails")
  void theLongFormStartsWhereTheShortOneEnds(Tail tail) {
    // Octets from MsgType on, and the datagram that they need.
    int[][] rows = {
      {252, 253}, {253, 254}, {254, 255}, {255, 258}, {256, 259}, {257, 260}, {65532, 65535}
    };
    for (int[] row : rows) {
      Message message = tail.of(row[0]);
      Octets datagram = Buffers.encoded(message);

      assertThat(Encoder.encodedLength(message)).isEqualTo(row[1]);
      assertThat(datagram.size()).isEqualTo(row[1]);
      assertThat(datagram.at(0)).isEqualTo((byte) (row[1] <= 255 ? row[1] : 0x01));
      assertThat(Decoder.toGateway(Buffers.exact(datagram))).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("tails")
  void aMessageBeyondTheGreatestLengthDoesNotExist(Tail tail) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tail.of(65533))
        .withMessageContaining("expected at most");
  }

  @ParameterizedTest
  @CsvSource({"2, 02", "254, FE", "255, FF", "256, 010100", "257, 010101", "258, 010102"})
  void eitherFormIsDecodedWhereItFits(int length, String lengthHex) {
    int rest = length - lengthHex.length() / 2 - 1;
    Octets datagram = Octets.hex(lengthHex + (rest == 0 ? "16" : "09") + "41".repeat(rest));

    assertThat(Decoder.toGateway(Buffers.exact(datagram)))
        .isEqualTo(rest == 0 ? new PingReq("") : new WillMsg(octets(rest)));
  }

  private static Octets octets(int size) {
    return Octets.utf8("A".repeat(size));
  }
}
