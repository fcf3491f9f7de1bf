package mqttsn.daemon.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.tinylog.Level;

/**
 * Writes lines from a thread of its own, out of a bounded queue. A line that finds the queue full
 * is dropped and counted, and the log says so as soon as it can: an output that blocks never blocks
 * who logs.
 */
final class LineWriter {
  private static final int BATCH = 256;

  private final OutputStream out;
  private final LineFormat format;
  private final ArrayBlockingQueue<Object> queue;
  private final LongAdder dropped = new LongAdder();
  private long droppedSaid;

  /** Starts a daemon thread that lives as long as the process. */
  LineWriter(OutputStream out, LineFormat format, int capacity) {
    this.out = out;
    this.format = format;
    this.queue = new ArrayBlockingQueue<>(capacity);
    Thread thread = new Thread(this::run, "log");
    thread.setDaemon(true);
    thread.start();
  }

  void write(LogLine line) {
    if (!queue.offer(line)) {
      dropped.increment();
    }
  }

  long droppedLines() {
    return dropped.sum();
  }

  /** Waits until all earlier lines are written, at most for {@code patience}. */
  boolean flush(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    CountDownLatch reached = new CountDownLatch(1);
    try {
      return queue.offer(reached, patience.toNanos(), TimeUnit.NANOSECONDS)
          && reached.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    List<Object> batch = new ArrayList<>(BATCH);
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        writeAll(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeAll(List<Object> batch) {
    StringBuilder text = new StringBuilder();
    List<CountDownLatch> flushes = new ArrayList<>();
    for (Object entry : batch) {
      if (entry instanceof LogLine line) {
        format.format(text, line);
      } else if (entry instanceof CountDownLatch flush) {
        flushes.add(flush);
      }
    }
    long droppedBefore = sayWhatWasDropped(text);
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
      droppedSaid = droppedBefore;
    } catch (IOException e) {
      // A full disk may have room again one day; what is said then names these lines too.
      dropped.add(batch.size() - flushes.size());
    }
    flushes.forEach(CountDownLatch::countDown);
  }

  /** Adds a line if there is something to say; returns how many lines it covers in all. */
  private long sayWhatWasDropped(StringBuilder text) {
    long sum = dropped.sum();
    if (sum > droppedSaid) {
      String message =
          (sum - droppedSaid) + " log lines were dropped: standard error takes no more";
      format.format(text, new LogLine(Level.WARN, System.currentTimeMillis(), message, null));
    }
    return sum;
  }
}
