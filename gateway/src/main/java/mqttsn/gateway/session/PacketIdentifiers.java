package mqttsn.gateway.session;

import java.util.function.IntPredicate;

/** Packet identifiers of one link: 1 to 65535 or less, none used twice at the same time. */
final class PacketIdentifiers {

  /** Returned by {@link #next} when all are in use. */
  static final int NONE = 0;

  private final int highest;
  private final IntPredicate inUse;
  private int last;

  PacketIdentifiers(IntPredicate inUse) {
    this(0xFFFF, inUse);
  }

  /**
   * Leaves a part to others.
   *
   * @param highest the last one of those that are given out, 1 to 65535
   */
  PacketIdentifiers(int highest, IntPredicate inUse) {
    this.highest = highest;
    this.inUse = inUse;
  }

  /** The last one that {@link #next} returned; 0 before. */
  int last() {
    return last;
  }

  /** Goes on behind this one. */
  void startAfter(int packetIdentifier) {
    last = packetIdentifier;
  }

  /** The next one that is free; {@link #NONE} when all are in use. */
  int next() {
    for (int tried = 0; tried < highest; tried++) {
      last = last >= highest ? 1 : last + 1;
      if (!inUse.test(last)) {
        return last;
      }
    }
    return NONE;
  }
}
