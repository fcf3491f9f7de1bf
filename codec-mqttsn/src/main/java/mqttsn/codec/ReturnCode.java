package mqttsn.codec;

/** ReturnCode (§5.3.10). */
public enum ReturnCode {
  ACCEPTED(0x00, "accepted"),
  CONGESTION(0x01, "congestion"),
  INVALID_TOPIC_ID(0x02, "invalid-topic-id"),
  NOT_SUPPORTED(0x03, "not-supported");

  private final int code;
  private final String label;

  ReturnCode(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The octet on the wire. */
  public int code() {
    return code;
  }

  /** The meaning in lower-kebab case; stays the same over releases, for text and metrics. */
  public String label() {
    return label;
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
