package mqttsn.gateway.net;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.ObjLongConsumer;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerLink;

/**
 * Holds actions back until what they depend on is on the disk.
 *
 * <p>A list of actions with a {@link Action.Persist} is performed after the sync; the lists behind
 * it wait too, so that order is kept. While nothing is to be persisted, nothing waits.
 */
public final class OutputCommit {

  private record Held(List<Action> actions, long inputNanos) {}

  private final SessionPort sessions;
  private final ObjLongConsumer<List<Action>> perform;
  private final Runnable afterRelease;
  private final Queue<Held> held = new ArrayDeque<>();

  /** Links that held lists close, with how many of them do. */
  private final Map<BrokerLink, Integer> closing = new HashMap<>(0);

  /** How many of the held lists the sync under way lets go. */
  private int covered;

  /**
   * @param perform performs the actions of an input that came at a time
   * @param afterRelease called when lists that waited were performed
   */
  public OutputCommit(
      SessionPort sessions, ObjLongConsumer<List<Action>> perform, Runnable afterRelease) {
    this.sessions = sessions;
    this.perform = perform;
    this.afterRelease = afterRelease;
  }

  /** Performs the actions of one input, now or after the sync. */
  public void perform(List<Action> actions, long inputNanos) {
    boolean persists = save(actions);
    if (!persists && held.isEmpty()) {
      perform.accept(actions, inputNanos);
      return;
    }
    held.add(new Held(actions, inputNanos));
    countClosings(actions, 1);
    if (covered == 0) {
      sync();
    }
  }

  /**
   * Whether a held list closes this link. For the core it is closed already: what still comes from
   * it is nothing to the core, which would take it for something of the next connection.
   */
  public boolean isClosing(BrokerLink link) {
    return closing.containsKey(link);
  }

  private void countClosings(List<Action> actions, int change) {
    for (Action action : actions) {
      if (action instanceof Action.CloseLink close) {
        closing.merge(close.link(), change, (a, b) -> a + b == 0 ? null : a + b);
      }
    }
  }

  private boolean save(List<Action> actions) {
    boolean persists = false;
    for (Action action : actions) {
      if (action instanceof Action.Persist persist) {
        sessions.save(persist.session());
        persists = true;
      }
    }
    return persists;
  }

  private void sync() {
    covered = held.size();
    sessions.afterSync(this::synced);
  }

  private void synced() {
    for (; covered > 0; covered--) {
      Held next = held.remove();
      countClosings(next.actions(), -1);
      perform.accept(next.actions(), next.inputNanos());
    }
    if (!held.isEmpty()) {
      sync();
    }
    afterRelease.run();
  }
}
