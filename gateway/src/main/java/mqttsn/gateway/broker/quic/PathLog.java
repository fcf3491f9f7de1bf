package mqttsn.gateway.broker.quic;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.BrokerUrl;
import org.tinylog.Logger;

/**
 * Path events as log lines, and the last of them. A change of address happens to all connections at
 * once: of events alike the first is written at once, and the number of the others and the longest
 * gap a second later.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class PathLog {

  private static final long WINDOW_MILLIS = 1_000;
  private static final int MAX_PAST = 50;

  /** Events are alike if they differ in their durations only. */
  private record Kind(BrokerUrl url, PathEvent event) {

    static Kind of(BrokerUrl url, PathEvent event) {
      if (event instanceof PathEvent.Recovered recovered) {
        return new Kind(url, lasting(recovered, Duration.ZERO));
      }
      if (event instanceof PathEvent.GivenUp givenUp) {
        return new Kind(url, new PathEvent.GivenUp(givenUp.on(), Duration.ZERO));
      }
      return new Kind(url, event);
    }
  }

  private final EventLoop loop;
  private final Map<Kind, PathChange> windows = new HashMap<>();

  /** Windows that are over, the newest first. */
  private final Deque<PathChange> past = new ArrayDeque<>();

  PathLog(EventLoop loop) {
    this.loop = loop;
  }

  void happened(BrokerUrl url, PathEvent event) {
    Kind kind = Kind.of(url, event);
    PathChange before = windows.get(kind);
    if (before == null) {
      Logger.info("broker {}: {}", url, event);
      windows.put(kind, PathChange.of(url, event));
      loop.schedule(() -> endWindow(kind), WINDOW_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      windows.put(kind, before.and(event));
    }
  }

  /** The last changes, those that still go on among them. */
  List<PathChange> newestFirst() {
    List<PathChange> changes = new ArrayList<>(windows.values());
    changes.addAll(past);
    changes.sort((a, b) -> b.at().compareTo(a.at()));
    return changes;
  }

  private void endWindow(Kind kind) {
    PathChange change = windows.remove(kind);
    if (change == null) {
      return;
    }
    past.addFirst(change);
    if (past.size() > MAX_PAST) {
      past.removeLast();
    }
    if (change.connections() > 1) {
      boolean timed = change.event() instanceof PathEvent.Recovered;
      Logger.info(
          "broker {}: {}{}, {} more connections",
          kind.url(),
          change.event() instanceof PathEvent.Recovered recovered
              ? lasting(recovered, change.longestGap())
              : change.event(),
          timed ? " at most" : "",
          change.connections() - 1);
    }
  }

  private static PathEvent.Recovered lasting(PathEvent.Recovered recovered, Duration gap) {
    return new PathEvent.Recovered(recovered.from(), recovered.to(), recovered.why(), gap);
  }
}
