package mqttsn.gateway.broker;

import java.util.ArrayDeque;
import java.util.Deque;

/** The PINGREQs of a connection that wait for PINGRESP, which come in the same order. */
final class PingReqs {

  private static final long NOTHING_WAITS = Long.MIN_VALUE;

  /** For each, whether the core asked and hears of the answer. */
  private final Deque<Boolean> asked = new ArrayDeque<>(1);

  private long waitingSinceNanos = NOTHING_WAITS;

  void sent(long now, boolean byCore) {
    asked.add(byCore);
    if (waitingSinceNanos == NOTHING_WAITS) {
      waitingSinceNanos = now;
    }
  }

  /** Takes a PINGRESP; whether the core asked for it. */
  boolean answered() {
    return !asked.isEmpty() && asked.remove();
  }

  /** Anything that arrives proves as much as a PINGRESP. */
  void brokerIsThere() {
    waitingSinceNanos = NOTHING_WAITS;
  }

  /** For how long nothing has arrived although PINGREQ asked for it; -1 if nobody asked. */
  long unansweredNanos(long now) {
    return waitingSinceNanos == NOTHING_WAITS ? -1 : now - waitingSinceNanos;
  }
}
