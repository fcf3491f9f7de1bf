package mqttsn.gateway.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A part of the path, how long messages took on it, and why it does not work if it does not. */
final class Leg {

  private final String name;
  private final List<Long> nanos = new ArrayList<>();
  private @Nullable String failure;

  Leg(String name) {
    this.name = name;
  }

  void took(long measuredNanos) {
    nanos.add(measuredNanos);
  }

  void failed(String reason) {
    failure = reason;
  }

  void failed(Exception e) {
    failed(e.getMessage() == null ? e.toString() : e.getMessage());
  }

  boolean hasFailed() {
    return failure != null;
  }

  boolean works() {
    return failure == null && !nanos.isEmpty();
  }

  static String header() {
    return String.format(Locale.ROOT, "%-46s %10s %10s %10s", "", "min", "median", "max");
  }

  @Override
  public String toString() {
    if (failure != null) {
      return String.format(Locale.ROOT, "%-46s FAILED: %s", name, failure);
    } else if (nanos.isEmpty()) {
      return String.format(Locale.ROOT, "%-46s not tried", name);
    }
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%-46s %10s %10s %10s",
        name,
        millis(sorted.get(0)),
        millis(sorted.get(sorted.size() / 2)),
        millis(sorted.get(sorted.size() - 1)));
  }

  private static String millis(long measuredNanos) {
    return String.format(
        Locale.ROOT, "%.2f ms", measuredNanos / (double) TimeUnit.MILLISECONDS.toNanos(1));
  }
}
