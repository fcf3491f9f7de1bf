package mqttsn.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of octets: payloads, will messages, addresses and node ids. */
public final class Octets {

  public static final Octets EMPTY = new Octets(new byte[0]);

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these octets. */
  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  public static Octets utf8(String text) {
    return text.isEmpty() ? EMPTY : new Octets(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The octets that a string of hexadecimal digits (two an octet) stands for. */
  public static Octets hex(String digits) {
    return digits.isEmpty() ? EMPTY : new Octets(HEX.parseHex(digits));
  }

  /** A copy of a part of a buffer, whose indices stay where they are. */
  public static Octets copyOf(ByteBuf source, int index, int length) {
    if (length == 0) {
      return EMPTY;
    }
    byte[] bytes = new byte[length];
    source.getBytes(index, bytes);
    return new Octets(bytes);
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public byte at(int index) {
    return bytes[index];
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** The octets as a read-only buffer of their own indices, without a copy. */
  public ByteBuf toByteBuf() {
    return Unpooled.wrappedBuffer(bytes).asReadOnly();
  }

  /** Appends the octets to a buffer. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes);
  }

  /** The octets read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String toUtf8String() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hexadecimal digits, two an octet, upper case. */
  @Override
  public String toString() {
    return HEX.formatHex(bytes);
  }
}
