package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mqttsn.gateway.net.SessionPort;
import mqttsn.gateway.session.SessionRecord;

/**
 * The disk under the sessions. Writes that come while a commit is under way go with the next one; a
 * crash takes what is not synced, and perhaps the commit under way.
 */
final class SimulatedDisk implements SessionPort {

  private static final long LONGEST_COMMIT_NANOS = 30 * Timeline.MILLISECOND;

  /** What was written, and when. */
  record Saved(SessionRecord session, long at) {}

  private final Timeline timeline;
  private final Dice dice;
  private final Runnable awaited;
  private final Map<String, Saved> synced = new TreeMap<>();
  private Map<String, Optional<Saved>> given = new HashMap<>();
  private Map<String, Optional<Saved>> underWay = new HashMap<>();
  private List<Runnable> waiting = new ArrayList<>();
  private boolean isCommitting;

  /** Changes with every process, which hears nothing of the commits of another. */
  private int process;

  /**
   * @param awaited called when a commit begins that somebody waits for
   */
  SimulatedDisk(Timeline timeline, Dice dice, Runnable awaited) {
    this.timeline = timeline;
    this.dice = dice;
    this.awaited = awaited;
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public void save(SessionRecord session) {
    give(session.clientId(), Optional.of(new Saved(session, timeline.now())));
  }

  @Override
  public void erase(String clientId) {
    give(clientId, Optional.empty());
  }

  @Override
  public void afterSync(Runnable then) {
    waiting.add(then);
    commit();
  }

  /** What a new process finds. */
  List<Saved> load() {
    return List.copyOf(synced.values());
  }

  /** The process is killed. */
  void crash() {
    if (dice.chance(0.5)) {
      apply(underWay);
    }
    end();
  }

  /** The process ends as it should: everything that it gave is on the disk. */
  void close() {
    apply(underWay);
    apply(given);
    end();
  }

  private void end() {
    process++;
    given = new HashMap<>();
    underWay = new HashMap<>();
    waiting = new ArrayList<>();
    isCommitting = false;
  }

  private void give(String clientId, Optional<Saved> what) {
    given.put(clientId, what);
    commit();
  }

  private void commit() {
    if (isCommitting || (given.isEmpty() && waiting.isEmpty())) {
      return;
    }
    isCommitting = true;
    underWay = given;
    given = new HashMap<>();
    List<Runnable> waiters = waiting;
    waiting = new ArrayList<>();
    if (!waiters.isEmpty()) {
      awaited.run();
    }
    int ofProcess = process;
    timeline.after(
        dice.nanos(Timeline.MILLISECOND, LONGEST_COMMIT_NANOS),
        () -> {
          if (process == ofProcess) {
            committed(waiters);
          }
        });
  }

  private void committed(List<Runnable> waiters) {
    apply(underWay);
    underWay = new HashMap<>();
    isCommitting = false;
    waiters.forEach(Runnable::run);
    commit();
  }

  private void apply(Map<String, Optional<Saved>> writes) {
    writes.forEach(
        (clientId, what) ->
            what.ifPresentOrElse(
                saved -> synced.put(clientId, saved), () -> synced.remove(clientId)));
  }
}
