package mqttsn.codec;

/** QoS (§5.3.4). */
public enum Qos {
  ZERO(0),
  ONE(1),
  TWO(2),
  /** Publish without a connection: PUBLISH from a client only. */
  MINUS_ONE(-1);

  private final int level;

  Qos(int level) {
    this.level = level;
  }

  /** The number as the standard writes it: -1 to 2. */
  public int level() {
    return level;
  }

  /** The QoS of a level, -1 to 2. */
  public static Qos ofLevel(int level) {
    return switch (level) {
      case 0 -> ZERO;
      case 1 -> ONE;
      case 2 -> TWO;
      case -1 -> MINUS_ONE;
      default -> throw new IllegalArgumentException("qos is " + level + ", expected -1, 0, 1 or 2");
    };
  }
}
