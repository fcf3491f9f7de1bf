package mqttsn.gateway.demo;

import java.util.Locale;

/** How the messages of one sensor fared. */
final class Tally {

  private final String sensor;
  private final String kind;
  private int sent;
  private int arrived;

  Tally(String sensor, String kind) {
    this.sensor = sensor;
    this.kind = kind;
  }

  void count(boolean hasArrived) {
    sent++;
    arrived += hasArrived ? 1 : 0;
  }

  boolean isComplete() {
    return sent > 0 && arrived == sent;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%-12s %-42s %d of %d arrived", sensor, kind, arrived, sent);
  }
}
