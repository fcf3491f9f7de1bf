package mqttsn.gateway.session;

/** Points in time and durations, in monotonic nanoseconds. */
final class Time {

  /** Later than everything: nothing waits. */
  static final long NEVER = Long.MAX_VALUE;

  static final long SECOND = 1_000_000_000L;

  private Time() {}

  /** A point in time after another; {@link #NEVER} instead of an overflow. */
  static long after(long now, long nanos) {
    long sum = now + nanos;
    return sum < now && nanos > 0 ? NEVER : sum;
  }

  /**
   * How long a gateway waits for a client that promised to speak within a duration: a tenth more
   * above one minute, half as much more up to it (§7.2, SI-32).
   */
  static long tolerated(int durationSeconds) {
    long nanos = durationSeconds * SECOND;
    return durationSeconds > 60 ? nanos + nanos / 10 : nanos + nanos / 2;
  }
}
