package mqttsn.daemon.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first of equal events into the log and counts the others, so that a flood is one line
 * and a number. Belongs to one thread; {@code now} is monotonic nanoseconds.
 *
 * @param <K> what makes two events the same, such as a kind and an address
 */
public final class RepeatLimiter<K> {
  /** Told how often an event was kept out of the log. */
  public interface Report<K> {
    /**
     * Called at most once for each key and window.
     *
     * @param key the event, or null for all that found no place in the table
     */
    void repeated(@Nullable K key, long times);
  }

  private static final class Window {
    long beganNanos;
    long repeats;

    Window(long beganNanos) {
      this.beganNanos = beganNanos;
    }
  }

  private final long windowNanos;
  private final int maxKeys;
  private final Map<K, Window> windows = new HashMap<>();
  private long withoutPlace;

  public RepeatLimiter(Duration window, int maxKeys) {
    this.windowNanos = window.toNanos();
    this.maxKeys = maxKeys;
  }

  /** Whether this event goes into the log: it was not seen since its window ended. */
  public boolean admits(K key, long now) {
    Window window = windows.get(key);
    if (window != null) {
      window.repeats++;
      return false;
    }
    if (windows.size() >= maxKeys) {
      withoutPlace++;
      return false;
    }
    windows.put(key, new Window(now));
    return true;
  }

  /**
   * Reports what repeated in windows that are over. A window with repeats is followed by another
   * one; a quiet event is forgotten. To be called about once a window.
   */
  public void report(long now, Report<K> report) {
    for (Iterator<Map.Entry<K, Window>> i = windows.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<K, Window> entry = i.next();
      Window window = entry.getValue();
      if (now - window.beganNanos < windowNanos) {
        continue;
      }
      if (window.repeats == 0) {
        i.remove();
      } else {
        report.repeated(entry.getKey(), window.repeats);
        window.repeats = 0;
        window.beganNanos = now;
      }
    }
    if (withoutPlace > 0) {
      report.repeated(null, withoutPlace);
      withoutPlace = 0;
    }
  }

  /** The words for {@code times} repeats, to follow what repeated. */
  public String summary(long times) {
    return times
        + (times == 1 ? " more time" : " more times")
        + " in the last "
        + Duration.ofNanos(windowNanos).toSeconds()
        + " s";
  }
}
