package mqttsn.gateway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/**
 * A thread that works in groups: everything that was given to it while it did the last group is the
 * next one.
 */
final class GroupThread<T> {

  /** What is done with a group. */
  interface Work<T> {

    /**
     * Does it.
     *
     * @param group may be empty, when the time that the last call named is over
     * @return milliseconds after which to be called without anything new; 0 to be called for
     *     something new only
     */
    long work(List<T> group);
  }

  private final BlockingQueue<T> given = new LinkedBlockingQueue<>();
  private final Work<T> work;
  private final T end;
  private final Thread thread;

  /**
   * @param end what {@link #close} gives last
   */
  GroupThread(String name, T end, Work<T> work) {
    this.work = work;
    this.end = end;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Never blocks. */
  void give(T task) {
    given.add(task);
  }

  /** Waits until what was given is done, but no longer than so many milliseconds. */
  void close(long millis) {
    given.add(end);
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<T> group = new ArrayList<>();
    long waitMillis = 0;
    boolean ended = false;
    try {
      while (!ended) {
        T first = waitMillis == 0 ? given.take() : given.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          given.drainTo(group);
        }
        ended = group.contains(end);
        waitMillis = worked(group);
        group.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A fault of ours costs a group, and not the thread. */
  private long worked(List<T> group) {
    try {
      return work.work(group);
    } catch (RuntimeException e) {
      Logger.error(e, "fault in {}", thread.getName());
      return 0;
    }
  }
}
