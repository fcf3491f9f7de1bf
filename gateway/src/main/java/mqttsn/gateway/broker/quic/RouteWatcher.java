package mqttsn.gateway.broker.quic;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks a few times a second at the ways that lead to one broker address, for all connections to
 * it.
 *
 * <p>Runs while somebody listens. All in the event loop.
 */
final class RouteWatcher {

  /** Told after every look, on the event loop, whether or not something changed. */
  interface Listener {
    void looked(List<Uplink> uplinks);
  }

  private final EventLoop loop;
  private final Supplier<List<Uplink>> uplinks;
  private final long intervalNanos;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> timer;

  RouteWatcher(EventLoop loop, Supplier<List<Uplink>> uplinks, Duration interval) {
    this.loop = loop;
    this.uplinks = uplinks;
    this.intervalNanos = interval.toNanos();
  }

  void add(Listener listener) {
    listeners.add(listener);
    if (timer == null) {
      timer =
          loop.scheduleWithFixedDelay(
              this::lookAndTell, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
    }
  }

  void remove(Listener listener) {
    listeners.remove(listener);
    ScheduledFuture<?> running = timer;
    if (listeners.isEmpty() && running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  boolean isIdle() {
    return listeners.isEmpty();
  }

  private void lookAndTell() {
    List<Uplink> seen = uplinks.get();
    // A listener may leave while it is told.
    for (Listener listener : List.copyOf(listeners)) {
      listener.looked(seen);
    }
  }
}
