package mqttsn.gateway.simulation;

import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.ModelQueueDisk;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;

/**
 * The disk under the durable queue. What comes while a commit is under way goes with the next one;
 * all of a commit is answered at once. A crash takes what is not synced, and perhaps the commit
 * under way; a full disk takes no new messages.
 */
final class SimulatedQueueDisk {

  private static final long LONGEST_COMMIT_NANOS = 40 * Timeline.MILLISECOND;

  private final Timeline timeline;
  private final Dice dice;
  private final Runnable awaited;
  private final ModelQueueDisk disk = new ModelQueueDisk();
  private Consumer<List<QueueEvent>> gateway = events -> {};
  private int underWay;
  private boolean isFull;

  /** Changes with every process, which hears nothing of the commits of another. */
  private int process;

  /**
   * @param awaited called when a commit begins
   */
  SimulatedQueueDisk(Timeline timeline, Dice dice, Runnable awaited) {
    this.timeline = timeline;
    this.dice = dice;
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

  void give(Action action) {
    disk.give(action);
    commit();
  }

  void full(boolean nowFull) {
    isFull = nowFull;
  }

  /** The process is killed. */
  void crash() {
    if (dice.chance(0.5)) {
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
    process++;
    underWay = 0;
    disk.forgetGiven();
  }

  private void commit() {
    if (underWay > 0 || disk.given() == 0) {
      return;
    }
    underWay = disk.given();
    awaited.run();
    int ofProcess = process;
    timeline.after(
        dice.nanos(Timeline.MILLISECOND, LONGEST_COMMIT_NANOS),
        () -> {
          if (process == ofProcess) {
            committed();
          }
        });
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
