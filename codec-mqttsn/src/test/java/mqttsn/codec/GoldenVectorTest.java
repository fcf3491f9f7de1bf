package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import mqttsn.codec.text.MessageText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector, in every direction that it has: proves 5.4-1 5.2-3 5.5-6. */
class GoldenVectorTest {

  static Stream<Arguments> received() {
    return Stream.of(
            Vector.bothDirections().stream().flatMap(v -> Stream.of(gateway(v), client(v))),
            Vector.toGateway().stream().map(GoldenVectorTest::gateway),
            Vector.malformed().stream().map(GoldenVectorTest::gateway),
            Vector.toClient().stream().map(GoldenVectorTest::client))
        .flatMap(each -> each);
  }

  static Stream<Arguments> misdirected() {
    return Stream.concat(
        Vector.toGateway().stream().filter(Vector::encodes).map(GoldenVectorTest::client),
        Vector.toClient().stream().filter(Vector::encodes).map(GoldenVectorTest::gateway));
  }

  static Stream<Vector> encodable() {
    return Vector.all().stream().filter(Vector::encodes);
  }

  @ParameterizedTest
  @MethodSource("received")
  void octetsDecodeToTheirText(Direction direction, Vector vector) {
    assertThat(MessageText.render(direction.decode(Buffers.exact(vector.octets()))))
        .isEqualTo(vector.text());
  }

  @ParameterizedTest
  @MethodSource("received")
  void whatLiesAroundTheDatagramIsNotLookedAt(Direction direction, Vector vector) {
    for (int poison : new int[] {0x00, 0x01, 0x02, 0x16, 0xFE, 0xFF}) {
      ByteBuf datagram = Buffers.poisoned(vector.octets(), poison);
      int readerIndex = datagram.readerIndex();

      assertThat(MessageText.render(direction.decode(datagram))).isEqualTo(vector.text());
      assertThat(datagram.readerIndex()).isEqualTo(readerIndex);
      datagram.release();
    }
  }

  @ParameterizedTest
  @MethodSource("received")
  void aForwarderChangesNothing(Direction direction, Vector vector) {
    Encapsulation encapsulation = new Encapsulation(2, Octets.of((byte) 0x0C, (byte) 0xFE));
    ByteBuf datagram = Unpooled.buffer();
    encapsulation.wrap(Buffers.exact(vector.octets()), datagram);

    Decoded plain = direction.decode(Buffers.exact(vector.octets()));
    Decoded wrapped = direction.decode(Buffers.exact(Buffers.written(datagram)));

    if (plain instanceof Legible legible) {
      assertThat(wrapped).isEqualTo(new Encapsulated(encapsulation, legible));
    } else if (vector.octets().isEmpty()) {
      assertThat(wrapped).isEqualTo(Reject.ENCAPSULATION);
    } else if (isEncapsulation(vector.octets())) {
      assertThat(wrapped).isEqualTo(Reject.NESTED_ENCAPSULATION);
    } else {
      assertThat(wrapped).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @MethodSource("misdirected")
  void theOtherSideRejectsIt(Direction direction, Vector vector) {
    assertThat(direction.decode(Buffers.exact(vector.octets()))).isEqualTo(Reject.WRONG_DIRECTION);
  }

  @ParameterizedTest
  @MethodSource("encodable")
  void textEncodesToItsOctets(Vector vector) {
    Decoded parsed = MessageText.parseDecoded(vector.text());
    ByteBuf out = Unpooled.buffer();
    if (parsed instanceof Message message) {
      Encoder.encode(message, out);
      assertThat(Encoder.encodedLength(message)).isEqualTo(out.readableBytes());
    } else if (parsed instanceof Encapsulated encapsulated
        && encapsulated.message() instanceof Message message) {
      Encoder.encode(encapsulated.encapsulation(), message, out);
    }
    assertThat(Buffers.written(out)).isEqualTo(vector.octets());
  }

  @ParameterizedTest
  @MethodSource("received")
  void textStandsForWhatItWasRenderedFrom(Direction direction, Vector vector) {
    assertThat(MessageText.parseDecoded(vector.text()))
        .isEqualTo(direction.decode(Buffers.exact(vector.octets())));
  }

  private static Arguments gateway(Vector vector) {
    return Arguments.of(Direction.TO_GATEWAY, vector);
  }

  private static Arguments client(Vector vector) {
    return Arguments.of(Direction.TO_CLIENT, vector);
  }

  /** Whether MsgType is 0xFE, in either form of Length. */
  private static boolean isEncapsulation(Octets datagram) {
    int typeAt = datagram.at(0) == Wire.LONG_LENGTH_MARKER ? 3 : 1;
    return datagram.size() > typeAt && datagram.at(typeAt) == (byte) Encapsulation.TYPE_CODE;
  }
}
