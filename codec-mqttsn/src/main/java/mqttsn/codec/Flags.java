package mqttsn.codec;

/**
 * Flags (§5.3.4): DUP, QoS (2 bits), Retain, Will, CleanSession, TopicIdType (2 bits). Bits that a
 * message does not use are sent as 0 and ignored on receipt.
 */
final class Flags {

  static final int DUP = 0x80;
  static final int RETAIN = 0x10;
  static final int WILL = 0x08;
  static final int CLEAN_SESSION = 0x04;

  static final int TOPIC_ID_TYPE_MASK = 0b11;
  static final int NORMAL = 0b00;
  static final int PREDEFINED = 0b01;
  static final int SHORT = 0b10;

  private static final int QOS_SHIFT = 5;

  private Flags() {}

  static boolean has(int flags, int bit) {
    return (flags & bit) != 0;
  }

  static Qos qos(int flags) {
    return switch ((flags >> QOS_SHIFT) & 0b11) {
      case 0b00 -> Qos.ZERO;
      case 0b01 -> Qos.ONE;
      case 0b10 -> Qos.TWO;
      default -> Qos.MINUS_ONE;
    };
  }

  static int of(Qos qos) {
    return (qos.level() & 0b11) << QOS_SHIFT;
  }

  static int of(boolean present, int bit) {
    return present ? bit : 0;
  }
}
