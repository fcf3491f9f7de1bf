package mqttsn.codec;

/** The limits of the format (§5.2), and the checks by which records refuse what exceeds them. */
final class Wire {

  /** The greatest Length, which counts itself. */
  static final int MAX_LENGTH = 0xFFFF;

  /** The greatest Length of the one-octet form. */
  static final int MAX_SHORT_LENGTH = 0xFF;

  /** A first octet that says: the Length is in the next two octets (§5.2.1). */
  static final int LONG_LENGTH_MARKER = 0x01;

  static final int SHORT_LENGTH_OCTETS = 1;
  static final int LONG_LENGTH_OCTETS = 3;

  /** The only ProtocolId of 1.2 (§5.3.8). */
  static final int PROTOCOL_ID = 0x01;

  private Wire() {}

  static void checkUint8(String field, int value) {
    if (value < 0 || value > 0xFF) {
      throw new IllegalArgumentException(field + " is " + value + ", expected 0 to 255");
    }
  }

  static void checkUint16(String field, int value) {
    if (value < 0 || value > 0xFFFF) {
      throw new IllegalArgumentException(field + " is " + value + ", expected 0 to 65535");
    }
  }

  /** A string that fills the rest of a message. */
  static void checkTail(MessageType type, String field, String value) {
    checkString(field, value, type.maxTailOctets());
  }

  static void checkTail(MessageType type, String field, Octets value) {
    checkOctets(field, value.size(), type.maxTailOctets());
  }

  static void checkNotEmpty(String field, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(field + " is empty, expected at least one character");
    }
  }

  /** QoS -1 exists in PUBLISH only (§5.3.4). */
  static void checkSubscriptionQos(Qos qos) {
    if (qos == Qos.MINUS_ONE) {
      throw new IllegalArgumentException("qos is -1, expected 0, 1 or 2");
    }
  }

  /** The flags and topic of WILLTOPIC and WILLTOPICUPD; the empty form has no octet for flags. */
  static void checkWillTopic(MessageType type, Qos qos, boolean retain, String willTopic) {
    checkSubscriptionQos(qos);
    checkString("willTopic", willTopic, type.maxTailOctets() - 1);
    if (willTopic.isEmpty() && (qos != Qos.ZERO || retain)) {
      throw new IllegalArgumentException(
          "willTopic is empty but has flags, expected QoS 0 without retain");
    }
  }

  private static void checkString(String field, String value, int maxOctets) {
    int octets = Utf8.length(value);
    if (octets < 0) {
      throw new IllegalArgumentException(
          field + " has U+0000 or half a surrogate pair, expected a string that UTF-8 can carry");
    }
    checkOctets(field, octets, maxOctets);
  }

  private static void checkOctets(String field, int octets, int maxOctets) {
    if (octets > maxOctets) {
      throw new IllegalArgumentException(
          field + " has " + octets + " octets, expected at most " + maxOctets);
    }
  }
}
