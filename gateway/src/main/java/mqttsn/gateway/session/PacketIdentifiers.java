package mqttsn.gateway.session;

import java.util.function.IntPredicate;

/** Packet identifiers of one link: 1 to 65535 or less, none used twice at the same time. */
final class PacketIdentifiers {

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

  int next() {
    do {
      last = last >= highest ? 1 : last + 1;
    } while (inUse.test(last));
    return last;
  }
}
