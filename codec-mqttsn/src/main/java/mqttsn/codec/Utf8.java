package mqttsn.codec;

import io.netty.buffer.ByteBuf;

/**
 * UTF-8 as the standard's strings allow it: well-formed (no overlong forms, no surrogates, nothing
 * above U+10FFFF) and without U+0000, which no broker takes.
 */
final class Utf8 {

  private Utf8() {}

  /** Whether the octets from {@code index} up to {@code end} are such a string. */
  static boolean isValid(ByteBuf in, int index, int end) {
    int at = index;
    while (at < end) {
      int lead = in.getByte(at);
      int octets;
      if (lead > 0) {
        octets = 1;
      } else {
        octets = sequenceOctets(in, at, end, lead & 0xFF);
        if (octets == 0) {
          return false;
        }
      }
      at += octets;
    }
    return true;
  }

  /** The length of a string in octets, or -1 if it has U+0000 or half a surrogate pair. */
  static int length(String text) {
    int octets = 0;
    int length = text.length();
    for (int at = 0; at < length; at++) {
      char c = text.charAt(at);
      if (c == 0) {
        return -1;
      } else if (c < 0x80) {
        octets += 1;
      } else if (c < 0x800) {
        octets += 2;
      } else if (!Character.isSurrogate(c)) {
        octets += 3;
      } else if (Character.isHighSurrogate(c)
          && at + 1 < length
          && Character.isLowSurrogate(text.charAt(at + 1))) {
        octets += 4;
        at++;
      } else {
        return -1;
      }
    }
    return octets;
  }

  /** The length of the sequence of several octets that starts here, 0 if it is ill-formed. */
  private static int sequenceOctets(ByteBuf in, int at, int end, int lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
      return end - at >= 2 && isContinuation(in.getByte(at + 1)) ? 2 : 0;
    }
    if ((lead & 0xF0) == 0xE0) {
      return end - at >= 3
              && isSecond(lead, in.getByte(at + 1))
              && isContinuation(in.getByte(at + 2))
          ? 3
          : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
      return end - at >= 4
              && isSecond(lead, in.getByte(at + 1))
              && isContinuation(in.getByte(at + 2))
              && isContinuation(in.getByte(at + 3))
          ? 4
          : 0;
    }
    return 0;
  }

  /** The second octet decides overlong forms, surrogates and the upper end of Unicode. */
  private static boolean isSecond(int lead, byte second) {
    int value = second & 0xFF;
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return value >= least && value <= greatest;
  }

  private static boolean isContinuation(byte octet) {
    return (octet & 0xC0) == 0x80;
  }
}
