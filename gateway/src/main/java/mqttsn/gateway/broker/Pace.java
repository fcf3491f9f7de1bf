package mqttsn.gateway.broker;

import java.util.concurrent.TimeUnit;

/**
 * Spreads attempts over time, so that 10,000 clients that lost their broker do not all come back in
 * one moment: a number of them a second, a few at once after a pause.
 */
final class Pace {

  private final long intervalNanos;
  private final long burstNanos;

  /** When the attempts so far would have been made, had they kept the interval. */
  private long scheduleNanos;

  Pace(int perSecond, int burst, long now) {
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.burstNanos = intervalNanos * burst;
    this.scheduleNanos = now - burstNanos;
  }

  /** How long until {@link #take} is allowed; 0 for now. */
  long waitNanos(long now) {
    return Math.max(0, scheduleNanos - now);
  }

  void take(long now) {
    scheduleNanos = Math.max(scheduleNanos, now - burstNanos) + intervalNanos;
  }
}
