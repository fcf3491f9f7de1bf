package mqttsn.forwarder.serial;

import java.io.ByteArrayOutputStream;
import mqttsn.codec.Octets;

/**
 * SLIP framing (RFC 1055): END after each frame, and before it, which ends what noise on the line
 * may have begun.
 */
final class Slip {

  static final int END = 0xC0;
  static final int ESC = 0xDB;
  static final int ESC_END = 0xDC;
  static final int ESC_ESC = 0xDD;

  private Slip() {}

  /** The octets of a frame as they go on the line. */
  static byte[] encode(Octets frame) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(frame.size() + 8);
    line.write(END);
    for (int i = 0; i < frame.size(); i++) {
      int octet = frame.at(i) & 0xFF;
      switch (octet) {
        case END -> {
          line.write(ESC);
          line.write(ESC_END);
        }
        case ESC -> {
          line.write(ESC);
          line.write(ESC_ESC);
        }
        default -> line.write(octet);
      }
    }
    line.write(END);
    return line.toByteArray();
  }
}
