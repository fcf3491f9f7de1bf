package mqttsn.gateway.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.session.Notice;

/**
 * The last notices that an operator looks for: refusals, losses, moves; bounded. What happens to
 * many clients at once, as when the broker goes away, leaves room for what was before.
 */
public final class RecentEvents implements Consumer<Notice> {

  private static final int MAX_ENTRIES = 200;
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  /**
   * A notice, and when it came.
   *
   * @param more notices of the same event and detail that followed at once
   */
  public record Entry(Instant at, Notice notice, int more) {

    private boolean covers(Notice other, Instant when) {
      return notice.event() == other.event()
          && notice.detail().equals(other.detail())
          && when.isBefore(at.plus(AT_ONCE));
    }
  }

  private final Consumer<Notice> next;
  private final InstantSource clock;
  private final Deque<Entry> entries = new ArrayDeque<>();

  /**
   * @param next is told everything too
   */
  public RecentEvents(Consumer<Notice> next) {
    this(next, InstantSource.system());
  }

  RecentEvents(Consumer<Notice> next, InstantSource clock) {
    this.next = next;
    this.clock = clock;
  }

  @Override
  public void accept(Notice notice) {
    switch (notice.event()) {
      case REFUSED, LOST, MOVED, ENDED, BROKER_LOST, BROKER_BACK, MESSAGE_DROPPED ->
          remember(notice);
      case CONNECTED, DISCONNECTED, ASLEEP -> {} // the table of clients shows them
    }
    next.accept(notice);
  }

  private void remember(Notice notice) {
    Instant now = clock.instant();
    synchronized (entries) {
      Entry last = entries.peekLast();
      if (last != null && last.covers(notice, now)) {
        entries.removeLast();
        entries.addLast(new Entry(last.at(), last.notice(), last.more() + 1));
        return;
      }
      entries.addLast(new Entry(now, notice, 0));
      if (entries.size() > MAX_ENTRIES) {
        entries.removeFirst();
      }
    }
  }

  /** The newest first; from any thread. */
  public List<Entry> newestFirst() {
    List<Entry> copy;
    synchronized (entries) {
      copy = new ArrayList<>(entries);
    }
    Collections.reverse(copy);
    return copy;
  }
}
