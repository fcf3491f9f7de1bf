package mqttsn.codec;

/** ReturnCode (§5.3.10). */
public enum ReturnCode {
  ACCEPTED(0x00),
  CONGESTION(0x01),
  INVALID_TOPIC_ID(0x02),
  NOT_SUPPORTED(0x03);

  private final int code;

  ReturnCode(int code) {
    this.code = code;
  }

  /** The octet on the wire. */
  public int code() {
    return code;
  }

  /** The constant of an octet; a reserved code, 0x04 to 0xFF, reads as the general rejection. */
  public static ReturnCode fromCode(int code) {
    return switch (code) {
      case 0x00 -> ACCEPTED;
      case 0x01 -> CONGESTION;
      case 0x02 -> INVALID_TOPIC_ID;
      default -> NOT_SUPPORTED;
    };
  }
}
