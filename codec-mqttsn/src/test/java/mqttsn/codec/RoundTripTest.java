package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import mqttsn.codec.text.MessageText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages of every type survive the wire and the line of text. */
class RoundTripTest {

  private static final int MESSAGES = 2_000;

  @ParameterizedTest
  @EnumSource
  void messagesSurviveTheWire(MessageType type) {
    RandomMessages messages = new RandomMessages(type.code());
    for (int i = 0; i < MESSAGES; i++) {
      Message message = messages.next(type);
      Octets datagram = Buffers.encoded(message);

      assertThat(datagram.size()).isEqualTo(Encoder.encodedLength(message));
      for (Direction direction : Direction.values()) {
        assertThat(direction.decode(Buffers.exact(datagram)))
            .isEqualTo(direction.isOf(message) ? message : Reject.WRONG_DIRECTION);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesSurviveTheWireBehindAForwarder(MessageType type) {
    RandomMessages messages = new RandomMessages(~type.code());
    Encapsulation encapsulation = new Encapsulation(3, Octets.utf8("node"));
    for (int i = 0; i < MESSAGES; i++) {
      Message message = messages.next(type);
      ByteBuf out = Unpooled.buffer();
      Encoder.encode(encapsulation, message, out);
      ByteBuf datagram = Buffers.exact(Buffers.written(out));

      assertThat(
              message instanceof ToGateway
                  ? Decoder.toGateway(datagram)
                  : Decoder.toClient(datagram))
          .isEqualTo(new Encapsulated(encapsulation, message));
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesSurviveTheLineOfText(MessageType type) {
    RandomMessages messages = new RandomMessages(type.code() + 0x100);
    for (int i = 0; i < MESSAGES; i++) {
      Message message = messages.next(type);

      assertThat(MessageText.parse(MessageText.render(message))).isEqualTo(message);
    }
  }
}
