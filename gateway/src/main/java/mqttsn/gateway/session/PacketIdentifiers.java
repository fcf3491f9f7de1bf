package mqttsn.gateway.session;

import java.util.function.IntPredicate;

/** Packet identifiers of one link: 1 to 65535, none used twice at the same time. */
final class PacketIdentifiers {

  private final IntPredicate inUse;
  private int last;

  PacketIdentifiers(IntPredicate inUse) {
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
      last = last == 0xFFFF ? 1 : last + 1;
    } while (inUse.test(last));
    return last;
  }
}
