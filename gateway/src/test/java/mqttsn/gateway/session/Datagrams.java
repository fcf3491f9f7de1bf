package mqttsn.gateway.session;

import io.netty.buffer.Unpooled;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;

/** Datagrams of clients, as octets. */
final class Datagrams {

  private Datagrams() {}

  /** What the decoder makes of octets such as {@code 02 16}. */
  static Decoded decoded(String hex) {
    byte[] bytes = new byte[(hex.length() + 1) / 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(hex.substring(3 * i, 3 * i + 2), 16);
    }
    return Decoder.toGateway(Unpooled.wrappedBuffer(bytes));
  }
}
