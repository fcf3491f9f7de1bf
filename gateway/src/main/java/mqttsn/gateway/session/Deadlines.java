package mqttsn.gateway.session;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When which session wants its timeout call.
 *
 * <p>Lazy: a deadline that moves later costs nothing, the call then comes too early and is
 * repeated; only one that moves earlier is entered anew. A session has one entry at most, and none
 * when it is over.
 */
final class Deadlines {

  /** The place of one session in the order of deadlines. */
  static final class Slot {
    final Session session;
    private long enteredAt = Time.NEVER;

    /** Where the table finds the session, the very object; null while it does not. */
    @Nullable ClientAddress occupied;

    Slot(Session session) {
      this.session = session;
    }

    private long number() {
      return session.link().number();
    }
  }

  private final TreeSet<Slot> entered =
      new TreeSet<>(
          Comparator.comparingLong((Slot slot) -> slot.enteredAt).thenComparingLong(Slot::number));

  /** Makes sure that the session is called at its deadline. */
  void watch(Slot slot) {
    long deadline = slot.session.deadline();
    if (deadline < slot.enteredAt) {
      forget(slot);
      slot.enteredAt = deadline;
      entered.add(slot);
    }
  }

  void forget(Slot slot) {
    if (slot.enteredAt != Time.NEVER) {
      entered.remove(slot);
      slot.enteredAt = Time.NEVER;
    }
  }

  /** The earliest deadline; {@link Time#NEVER} for none. */
  long next() {
    return entered.isEmpty() ? Time.NEVER : entered.first().enteredAt;
  }

  /** Takes out a slot that is due, or null. The caller calls its session and watches it again. */
  @Nullable Slot pollDue(long now) {
    if (next() > now) {
      return null;
    }
    Slot due = entered.first();
    forget(due);
    return due;
  }
}
