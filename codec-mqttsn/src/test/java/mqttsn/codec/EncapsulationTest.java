package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a forwarder does: headers on, headers off, messages unread (§5.5). */
class EncapsulationTest {

  private static final Octets NODE_ID = Octets.hex("00124B0001020304");

  @Test
  void wrapsWhateverANodeSent() {
    ByteBuf out = Unpooled.buffer();
    ByteBuf message = Buffers.exact(Octets.hex("0216"));

    new Encapsulation(0, NODE_ID).wrap(message, out);

    assertThat(Buffers.written(out)).isEqualTo(Octets.hex("0BFE0000124B00010203040216"));
    assertThat(message.readableBytes()).isEqualTo(2);
  }

  @Test
  void unwrapsWithoutReadingTheMessage() {
    ByteBuf datagram = Buffers.exact(Octets.hex("0BFE0200124B0001020304FF"));

    assertThat(Encapsulation.unwrap(datagram)).isEqualTo(new Encapsulation(2, NODE_ID));
    assertThat(Buffers.written(datagram)).isEqualTo(Octets.hex("FF"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "FE", "0216", "02FE", "00FE", "09FE00010216", "04FE0001", "010006FE00010216"})
  void leavesOtherDatagramsAsTheyWere(String hex) {
    ByteBuf datagram = Buffers.poisoned(Octets.hex(hex), 0x02);

    assertThat(Encapsulation.unwrap(datagram))
        .isEqualTo(hex.length() < 4 ? Reject.SHORT : Reject.ENCAPSULATION);
    assertThat(Buffers.written(datagram)).isEqualTo(Octets.hex(hex));
    datagram.release();
  }
}
