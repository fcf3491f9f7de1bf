package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mqttsn.gateway.net.SessionPort;
import mqttsn.gateway.session.SessionRecord;

/** The disk under the sessions, as {@link Commits} are. A crash takes what is not synced. */
final class SimulatedDisk implements SessionPort {

  private static final long LONGEST_COMMIT_NANOS = 30 * Timeline.MILLISECOND;

  /** What was written, and when. */
  record Saved(SessionRecord session, long at) {}

  private final Timeline timeline;
  private final Commits commits;
  private final Runnable awaited;
  private final Map<String, Saved> synced = new TreeMap<>();
  private Map<String, Optional<Saved>> given = new HashMap<>();
  private Map<String, Optional<Saved>> underWay = new HashMap<>();
  private List<Runnable> waiting = new ArrayList<>();

  /**
   * @param awaited called when a commit begins that somebody waits for
   */
  SimulatedDisk(Timeline timeline, Dice dice, Runnable awaited) {
    this.timeline = timeline;
    this.commits = new Commits(timeline, dice, LONGEST_COMMIT_NANOS);
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
    if (commits.surviveCrash()) {
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
    commits.end();
    given = new HashMap<>();
    underWay = new HashMap<>();
    waiting = new ArrayList<>();
  }

  private void give(String clientId, Optional<Saved> what) {
    given.put(clientId, what);
    commit();
  }

  private void commit() {
    if (commits.isUnderWay() || (given.isEmpty() && waiting.isEmpty())) {
      return;
    }
    underWay = given;
    given = new HashMap<>();
    List<Runnable> waiters = waiting;
    waiting = new ArrayList<>();
    if (!waiters.isEmpty()) {
      awaited.run();
    }
    commits.begin(() -> committed(waiters));
  }

  private void committed(List<Runnable> waiters) {
    apply(underWay);
    underWay = new HashMap<>();
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
