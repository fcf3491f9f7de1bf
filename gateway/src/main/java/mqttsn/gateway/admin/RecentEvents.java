package mqttsn.gateway.admin;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.session.Notice;

/** The last notices that an operator looks for: refusals, losses, moves; bounded. */
public final class RecentEvents implements Consumer<Notice> {

  private static final int MAX_ENTRIES = 200;

  /** A notice, and when it came. */
  public record Entry(Instant at, Notice notice) {}

  private final Consumer<Notice> next;
  private final Deque<Entry> entries = new ArrayDeque<>();

  /**
   * @param next is told everything too
   */
  public RecentEvents(Consumer<Notice> next) {
    this.next = next;
  }

  @Override
  public void accept(Notice notice) {
    switch (notice.event()) {
      case REFUSED, LOST, MOVED, ENDED, BROKER_LOST, BROKER_BACK -> remember(notice);
      case CONNECTED, DISCONNECTED, ASLEEP -> {} // the table of clients shows them
    }
    next.accept(notice);
  }

  private void remember(Notice notice) {
    synchronized (entries) {
      entries.addLast(new Entry(Instant.now(), notice));
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
