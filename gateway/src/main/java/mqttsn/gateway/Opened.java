package mqttsn.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.tinylog.Logger;

/** What was opened one after the other, to be closed in the reverse order: all of it, and once. */
final class Opened implements AutoCloseable {

  private final Deque<Runnable> closings = new ArrayDeque<>();

  /** Something was opened. */
  void add(Runnable closing) {
    closings.push(closing);
  }

  @Override
  public void close() {
    for (Runnable next = closings.poll(); next != null; next = closings.poll()) {
      try {
        next.run();
      } catch (RuntimeException e) {
        Logger.error(e, "fault while closing");
      }
    }
  }
}
