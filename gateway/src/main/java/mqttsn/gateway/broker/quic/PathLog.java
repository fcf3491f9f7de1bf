package mqttsn.gateway.broker.quic;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.BrokerUrl;
import org.tinylog.Logger;

/**
 * Path events as log lines. A change of address happens to all connections at once: of events alike
 * the first is written at once, and the number of the others and the longest gap a second later.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class PathLog {

  private static final long WINDOW_MILLIS = 1_000;

  private record Kind(BrokerUrl url, Class<? extends PathEvent> type) {}

  private static final class Others {
    private int count;
    private Duration longestGap = Duration.ZERO;
  }

  private final EventLoop loop;
  private final Map<Kind, Others> windows = new HashMap<>();

  PathLog(EventLoop loop) {
    this.loop = loop;
  }

  void happened(BrokerUrl url, PathEvent event) {
    Kind kind = new Kind(url, event.getClass());
    Others others = windows.get(kind);
    if (others == null) {
      Logger.info("broker {}: {}", url, event);
      windows.put(kind, new Others());
      loop.schedule(() -> endWindow(kind), WINDOW_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    others.count++;
    if (event instanceof PathEvent.Recovered recovered
        && recovered.gap().compareTo(others.longestGap) > 0) {
      others.longestGap = recovered.gap();
    }
  }

  private void endWindow(Kind kind) {
    Others others = windows.remove(kind);
    if (others == null || others.count == 0) {
      return;
    }
    String gap =
        kind.type() == PathEvent.Recovered.class
            ? ", longest gap " + others.longestGap.toMillis() + " ms"
            : "";
    Logger.info("broker {}: the same for {} more connections{}", kind.url(), others.count, gap);
  }
}
