package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class OctetsTest {

  @Test
  void areEqualByContent() {
    assertThat(Octets.of((byte) 0x41, (byte) 0x42))
        .isEqualTo(Octets.utf8("AB"))
        .hasSameHashCodeAs(Octets.hex("4142"))
        .isNotEqualTo(Octets.utf8("AC"))
        .isNotEqualTo(Octets.EMPTY);
  }

  @Test
  void doNotChangeWithWhatTheyWereMadeFrom() {
    byte[] bytes = {1, 2};
    Octets octets = Octets.of(bytes);
    bytes[0] = 9;
    octets.toByteArray()[1] = 9;

    assertThat(octets).isEqualTo(Octets.of((byte) 1, (byte) 2));
    assertThat(octets.toByteBuf().isReadOnly()).isTrue();
  }

  @Test
  void copyAPartOfABufferAndAppendThemselves() {
    ByteBuf buffer = Unpooled.buffer().writeBytes(new byte[] {1, 2, 3, 4});
    Octets octets = Octets.copyOf(buffer, 1, 2);
    octets.writeTo(buffer);

    assertThat(octets).hasToString("0203");
    assertThat(octets.size()).isEqualTo(2);
    assertThat(octets.at(1)).isEqualTo((byte) 3);
    assertThat(Buffers.written(buffer)).hasToString("010203040203");
    assertThat(Octets.copyOf(buffer, 6, 0)).isSameAs(Octets.EMPTY);
  }

  @Test
  void readAsUtf8() {
    assertThat(Octets.utf8("ä€").toUtf8String()).isEqualTo("ä€");
    assertThat(Octets.hex("41FF").toUtf8String()).isEqualTo("A\uFFFD");
  }
}
