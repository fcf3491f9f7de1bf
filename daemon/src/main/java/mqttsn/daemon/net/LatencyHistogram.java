package mqttsn.daemon.net;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations counted in buckets that double: 2^4 to 2^24 microseconds (16 us to 16.8 s), and one for
 * what is longer. One thread records, any may read.
 */
public final class LatencyHistogram {

  /** Number of buckets, the unbounded last one included. */
  public static final int BUCKETS = 22;

  private static final int FIRST_SHIFT = 4;
  private static final int SUM = BUCKETS;

  private final AtomicLongArray values = new AtomicLongArray(BUCKETS + 1);

  /** Counts a duration. */
  public void record(long nanos) {
    long micros = Math.max(0, nanos) / 1_000;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, micros - 1));
    add(Math.max(0, Math.min(bits - FIRST_SHIFT, BUCKETS - 1)), 1);
    add(SUM, micros);
  }

  private void add(int index, long amount) {
    values.setOpaque(index, values.getPlain(index) + amount);
  }

  /** Greatest duration of a bucket in seconds; infinite for the last one. */
  public static double upperBoundSeconds(int bucket) {
    return bucket == BUCKETS - 1
        ? Double.POSITIVE_INFINITY
        : (1L << (FIRST_SHIFT + bucket)) / 1_000_000.0;
  }

  /** How many durations fell into the bucket, and into no smaller one. */
  public long count(int bucket) {
    return values.getOpaque(bucket);
  }

  public double sumSeconds() {
    return values.getOpaque(SUM) / 1_000_000.0;
  }
}
