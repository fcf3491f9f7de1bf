package mqttsn.daemon.net;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A count for each constant of an enum. One thread counts, any may read; a reader sees each count
 * grow, though not all of them at the same instant.
 */
// The ordinal is an index within one process and nothing else.
@SuppressWarnings("EnumOrdinal")
public final class EnumCounts<E extends Enum<E>> {

  private final Class<E> type;
  private final AtomicLongArray counts;

  public EnumCounts(Class<E> type) {
    this.type = type;
    this.counts = new AtomicLongArray(type.getEnumConstants().length);
  }

  public void increment(E constant) {
    add(constant, 1);
  }

  /** The counting thread is alone, so that no atomic instruction is needed. */
  public void add(E constant, long amount) {
    int index = constant.ordinal();
    counts.setOpaque(index, counts.getPlain(index) + amount);
  }

  public long of(E constant) {
    return counts.getOpaque(constant.ordinal());
  }

  /** The sum over all constants. */
  public long total() {
    long total = 0;
    for (E constant : type.getEnumConstants()) {
      total += of(constant);
    }
    return total;
  }
}
