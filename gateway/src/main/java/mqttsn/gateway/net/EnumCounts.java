package mqttsn.gateway.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A count for each constant of an enum. One thread counts, any may read; a reader sees each count
 * grow, though not all of them at the same instant.
 */
public final class EnumCounts<E extends Enum<E>> {

  private final Map<E, AtomicLong> counts;

  EnumCounts(Class<E> type) {
    counts = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counts.put(constant, new AtomicLong());
    }
  }

  void increment(E constant) {
    add(constant, 1);
  }

  /** The counting thread is alone, so that no atomic instruction is needed. */
  void add(E constant, long amount) {
    AtomicLong count = count(constant);
    count.setOpaque(count.getPlain() + amount);
  }

  public long of(E constant) {
    return count(constant).getOpaque();
  }

  /** The sum over all constants. */
  public long total() {
    return counts.values().stream().mapToLong(AtomicLong::getOpaque).sum();
  }

  private AtomicLong count(E constant) {
    return Objects.requireNonNull(counts.get(constant));
  }
}
