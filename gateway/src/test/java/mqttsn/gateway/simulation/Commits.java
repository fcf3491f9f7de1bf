package mqttsn.gateway.simulation;

/**
 * The commits of a simulated disk, one at a time: what comes while one is under way goes with the
 * next one. Commits end with the process that began them, or are synced all the same: that is
 * chance.
 */
final class Commits {

  private final Timeline timeline;
  private final Dice dice;
  private final long longestNanos;
  private boolean isUnderWay;

  /** Changes with every process, which hears nothing of the commits of another. */
  private int process;

  Commits(Timeline timeline, Dice dice, long longestNanos) {
    this.timeline = timeline;
    this.dice = dice;
    this.longestNanos = longestNanos;
  }

  boolean isUnderWay() {
    return isUnderWay;
  }

  /**
   * A commit begins.
   *
   * @param synced called when everything of it is on the disk, unless the process ends before
   */
  void begin(Runnable synced) {
    isUnderWay = true;
    int ofProcess = process;
    timeline.after(
        dice.nanos(Timeline.MILLISECOND, longestNanos),
        () -> {
          if (process == ofProcess) {
            isUnderWay = false;
            synced.run();
          }
        });
  }

  /** Whether the commit under way is on the disk although the process is killed now. */
  boolean surviveCrash() {
    return dice.chance(0.5);
  }

  /** The process is over. */
  void end() {
    process++;
    isUnderWay = false;
  }
}
