package mqttsn.gateway.session;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When which session wants its timeout call.
 *
 * <p>Lazy: a deadline that moves later costs nothing, the call then comes too early and is
 * repeated; only one that moves earlier is entered anew.
 */
final class Deadlines {

  private record Entry(long at, Slot slot) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return Long.compare(at, other.at);
    }
  }

  /** The place of one session in the order of deadlines. */
  static final class Slot {
    final Session session;
    private long enteredAt = Time.NEVER;

    Slot(Session session) {
      this.session = session;
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();

  /** Makes sure that the session is called at its deadline. */
  void watch(Slot slot) {
    long deadline = slot.session.deadline();
    if (deadline < slot.enteredAt) {
      slot.enteredAt = deadline;
      entries.add(new Entry(deadline, slot));
    }
  }

  void forget(Slot slot) {
    slot.enteredAt = Time.NEVER;
  }

  /** The earliest deadline; {@link Time#NEVER} for none. */
  long next() {
    Entry first = entries.peek();
    return first == null ? Time.NEVER : first.at;
  }

  /** Takes out a slot that is due, or null. The caller calls its session and watches it again. */
  @Nullable Slot pollDue(long now) {
    for (Entry first = entries.peek(); first != null && first.at <= now; first = entries.peek()) {
      entries.remove();
      if (first.slot.enteredAt == first.at) {
        first.slot.enteredAt = Time.NEVER;
        return first.slot;
      }
    }
    return null;
  }
}
