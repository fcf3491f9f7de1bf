package mqttsn.gateway.simulation;

import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.ModelQueueDisk;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;

/**
 * The disk under the durable queue, as {@link Commits} are: all of one is answered at once. A crash
 * takes what is not synced; a full disk takes no new messages.
 */
final class SimulatedQueueDisk {

  private static final long LONGEST_COMMIT_NANOS = 40 * Timeline.MILLISECOND;

  private final Timeline timeline;
  private final Commits commits;
  private final Runnable awaited;
  private final ModelQueueDisk disk = new ModelQueueDisk();
  private Consumer<List<QueueEvent>> gateway = events -> {};
  private int underWay;
  private boolean isFull;

  /**
   * @param awaited called when a commit begins
   */
  SimulatedQueueDisk(Timeline timeline, Dice dice, Runnable awaited) {
    this.timeline = timeline;
    this.commits = new Commits(timeline, dice, LONGEST_COMMIT_NANOS);
    this.awaited = awaited;
  }

  /** Another process begins: it hears from now on what the disk says. */
  void serve(Consumer<List<QueueEvent>> newGateway) {
    gateway = newGateway;
  }

  /** What a new process finds. */
  List<QueuedMessage.Summary> load() {
    return disk.summaries(timeline.now());
  }

  /** The highest number that it was given. */
  long lastNumber() {
    return disk.lastNumber();
  }

  void give(Action action) {
    disk.give(action);
    commit();
  }

  void full(boolean nowFull) {
    isFull = nowFull;
  }

  /** The process is killed. */
  void crash() {
    if (commits.surviveCrash()) {
      disk.work(underWay, !isFull, timeline.now());
    }
    end();
  }

  /** The process ends as it should: everything that it gave is on the disk. */
  void close() {
    disk.work(Integer.MAX_VALUE, !isFull, timeline.now());
    end();
  }

  private void end() {
    commits.end();
    underWay = 0;
    disk.forgetGiven();
  }

  private void commit() {
    if (commits.isUnderWay() || disk.given() == 0) {
      return;
    }
    underWay = disk.given();
    awaited.run();
    commits.begin(this::committed);
  }

  private void committed() {
    List<QueueEvent> answers = disk.work(underWay, !isFull, timeline.now());
    underWay = 0;
    if (!answers.isEmpty()) {
      gateway.accept(answers);
    }
    commit();
  }
}
