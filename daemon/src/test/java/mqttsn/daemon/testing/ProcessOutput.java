package mqttsn.daemon.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process writes, line by line. A thread of its own reads it, so that the wait for a line
 * that never comes ends, with what came instead.
 */
public final class ProcessOutput {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final List<String> lines = new ArrayList<>();
  private int taken;
  private boolean ended;

  private ProcessOutput() {}

  /** Reads what comes from now on; nobody else may. */
  public static ProcessOutput of(BufferedReader reader) {
    ProcessOutput output = new ProcessOutput();
    Thread thread = new Thread(() -> output.read(reader), "lines of a process");
    thread.setDaemon(true);
    thread.start();
    return output;
  }

  /** All lines so far. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line with this part; it may have come long ago. */
  public synchronized void await(String part) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (lines.stream().noneMatch(line -> line.contains(part))) {
      awaitMore(end, part);
    }
  }

  /** Takes the next line, and waits for it. */
  public String next() {
    return nextWith("");
  }

  /** Takes the next line with this part, and all before it, and waits for it. */
  public synchronized String nextWith(String part) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      while (taken < lines.size()) {
        String line = lines.get(taken);
        taken++;
        if (line.contains(part)) {
          return line;
        }
      }
      awaitMore(end, part);
    }
  }

  /** Waits for the end of the output; all lines. */
  public synchronized List<String> awaitEnd() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!ended) {
      awaitMore(end, "the end");
    }
    return List.copyOf(lines);
  }

  private synchronized void awaitMore(long end, String what) {
    long left = end - System.nanoTime();
    if (ended || left <= 0) {
      String why = ended ? "the output ended" : "nothing came for too long";
      throw new AssertionError(
          why + " without \"" + what + "\" after: " + String.join("\n", lines));
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted without \"" + what + "\" after: " + lines, e);
    }
  }

  private void read(BufferedReader reader) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(cannot be read: " + e.getMessage() + ")");
    }
    end();
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }
}
