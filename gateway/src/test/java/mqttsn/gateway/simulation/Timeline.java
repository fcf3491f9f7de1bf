package mqttsn.gateway.simulation;

import java.util.PriorityQueue;

/** Virtual time: what happens when. Of two events at the same instant the older one comes first. */
final class Timeline {

  static final long MILLISECOND = 1_000_000L;
  static final long SECOND = 1_000 * MILLISECOND;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;

  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long lastNumber;

  long now() {
    return now;
  }

  /** Events that have happened or are scheduled. */
  long events() {
    return lastNumber;
  }

  void after(long nanos, Runnable what) {
    at(now + Math.max(0, nanos), what);
  }

  void at(long instant, Runnable what) {
    events.add(new Event(Math.max(now, instant), ++lastNumber, what));
  }

  /** Lets the next event happen, unless it is later than the given instant. */
  boolean step(long until) {
    Event next = events.peek();
    if (next == null || next.at > until) {
      now = until;
      return false;
    }
    events.remove();
    now = next.at;
    next.what.run();
    return true;
  }
}
