package mqttsn.gateway.broker;

import java.time.Duration;

/**
 * Decides when links that had to take another URL return to the preferred one. No I/O and no clock.
 *
 * <p>From time to time the preferred URL is probed; when it can be reached, one link goes first;
 * when that one has its CONNACK, the others follow, a few at a time, since each loses some round
 * trips.
 */
final class ClimbBack {

  /** What to do now. */
  enum Step {
    WAIT,
    /** See whether the preferred URL can be reached, and tell {@link #probed}. */
    PROBE,
    /** Move one link. */
    MOVE_ONE,
    /** Move a few links. */
    MOVE_SOME
  }

  private enum State {
    STAYING,
    PROBING,
    REACHABLE,
    /** One link was moved, and its CONNACK is waited for. */
    PIONEERING,
    PROVEN
  }

  private final long intervalNanos;
  private State state = State.STAYING;
  private long nextNanos;

  ClimbBack(Duration interval, long now) {
    this.intervalNanos = interval.toNanos();
    this.nextNanos = now + intervalNanos;
  }

  /**
   * Time has passed; {@code elsewhere} is whether links are open at a URL after the preferred one.
   */
  Step tick(boolean elsewhere, long now) {
    if (!elsewhere && state != State.PIONEERING) {
      stay(now);
      return Step.WAIT;
    }
    switch (state) {
      case STAYING -> {
        if (now - nextNanos >= 0) {
          state = State.PROBING;
          return Step.PROBE;
        }
      }
      case REACHABLE -> {
        state = State.PIONEERING;
        nextNanos = now + intervalNanos;
        return Step.MOVE_ONE;
      }
      case PIONEERING -> {
        if (now - nextNanos >= 0) {
          stay(now);
        }
      }
      case PROVEN -> {
        return Step.MOVE_SOME;
      }
      case PROBING -> {}
    }
    return Step.WAIT;
  }

  void probed(boolean reachable, long now) {
    if (state == State.PROBING && reachable) {
      state = State.REACHABLE;
    } else {
      stay(now);
    }
  }

  /** The preferred URL gave a CONNACK. */
  void answered() {
    if (state == State.PIONEERING) {
      state = State.PROVEN;
    }
  }

  /** The preferred URL failed. */
  void failed(long now) {
    stay(now);
  }

  private void stay(long now) {
    if (state != State.STAYING) {
      state = State.STAYING;
      nextNanos = now + intervalNanos;
    }
  }
}
