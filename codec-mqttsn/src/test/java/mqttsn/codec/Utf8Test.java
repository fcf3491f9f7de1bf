package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Our UTF-8 against the JDK's, which tells by exceptions. */
class Utf8Test {

  /** The ends of every range that a lead or continuation octet has a rule for. */
  private static final int[] EDGES = {
    0x01, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  @Test
  void agreesWithTheJdkOnUpToFourOctets() {
    for (int first : EDGES) {
      assertSameAsJdk(first);
      for (int second : EDGES) {
        assertSameAsJdk(first, second);
        for (int third : EDGES) {
          assertSameAsJdk(first, second, third);
          for (int fourth : EDGES) {
            assertSameAsJdk(first, second, third, fourth);
          }
        }
      }
    }
  }

  @Test
  void countsTheOctetsOfEveryCharacter() {
    for (int character = 1; character <= Character.MAX_CODE_POINT; character++) {
      String text = Character.toString(character);
      boolean isSurrogate = character >= 0xD800 && character <= 0xDFFF;
      int octets = isSurrogate ? -1 : text.getBytes(StandardCharsets.UTF_8).length;

      if (Utf8.length(text) != octets) {
        throw new AssertionError("U+%X has %d octets".formatted(character, Utf8.length(text)));
      }
    }
  }

  @Test
  void zeroIsNoCharacter() {
    assertThat(Utf8.isValid(Unpooled.wrappedBuffer(new byte[] {'a', 0, 'b'}), 0, 3)).isFalse();
    assertThat(Utf8.length("a\0b")).isEqualTo(-1);
  }

  @Test
  void halvesOfSurrogatePairsHaveNoEncoding() {
    assertThat(Utf8.length("\uD83D")).isEqualTo(-1);
    assertThat(Utf8.length("\uDE00\uD83D")).isEqualTo(-1);
    assertThat(Utf8.length("\uD83Dx")).isEqualTo(-1);
    assertThat(Utf8.length("\uD83D\uDE00")).isEqualTo(4);
  }

  private static void assertSameAsJdk(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    if (Utf8.isValid(Unpooled.wrappedBuffer(octets), 0, octets.length) != isValidToJdk(octets)) {
      throw new AssertionError(Octets.of(octets) + " is judged otherwise by the JDK");
    }
  }

  private static boolean isValidToJdk(byte[] octets) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
