package mqttsn.gateway.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells what happens as it happens: a line has the time, who, and what. Safe from any thread. */
final class Narrator {

  private final PrintWriter out;
  private final long startNanos = System.nanoTime();

  Narrator(PrintWriter out) {
    this.out = out;
  }

  /** Something that happened just now. */
  void event(String who, String format, Object... arguments) {
    double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    line("%7.3f s  %-11s  %s", seconds, who, String.format(Locale.ROOT, format, arguments));
  }

  void line(String format, Object... arguments) {
    synchronized (out) {
      out.println(String.format(Locale.ROOT, format, arguments));
      out.flush();
    }
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
  }
}
