package mqttsn.gateway.session;

/**
 * How many messages of the backlog may go to the broker: so many a second, and one more for each
 * that joins the backlog meanwhile, so that it shrinks whatever comes in.
 */
final class DrainRate {

  /** Allowances come in steps, so that messages are fetched several at a time. */
  private static final long STEP_NANOS = Time.SECOND / 100;

  /** What is not used in this time is not made up for. */
  private static final long BURST_NANOS = Time.SECOND / 10;

  private int perSecond;
  private long stepNanos;
  private long countedUpTo;
  private long allowed;
  private long joined;

  DrainRate(int perSecond, long now) {
    set(perSecond);
    this.countedUpTo = now - stepNanos;
  }

  /** Another rate from now on; what was allowed stays. */
  void change(int newPerSecond, long now) {
    count(now);
    set(newPerSecond);
  }

  private void set(int newPerSecond) {
    perSecond = newPerSecond;
    stepNanos = Math.max(STEP_NANOS, (Time.SECOND + newPerSecond - 1) / newPerSecond);
  }

  /** A message joined the backlog. */
  void joined() {
    joined++;
  }

  /** Takes one message's allowance, if there is any. */
  boolean take(long now) {
    if (joined > 0) {
      joined--;
      return true;
    }
    count(now);
    if (allowed == 0) {
      return false;
    }
    allowed--;
    return true;
  }

  /** When there is an allowance again at the latest. */
  long nextAllowanceAt() {
    return joined > 0 || allowed > 0 ? countedUpTo : countedUpTo + stepNanos;
  }

  private void count(long now) {
    long steps = (now - countedUpTo) / stepNanos;
    if (steps > 0) {
      long most = Math.max(1, perSecond * BURST_NANOS / Time.SECOND);
      long counted = Math.min(steps * stepNanos, Time.SECOND);
      allowed = Math.min(most, allowed + perSecond * counted / Time.SECOND);
      countedUpTo += steps * stepNanos;
    }
  }
}
