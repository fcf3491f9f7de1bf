package mqttsn.daemon.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import org.tinylog.Level;

/** The process's one log: its level, and what became of its lines. Lines come from tinylog. */
public final class Log {
  private static final int QUEUED_LINES = 4_096;
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private static final LineWriter WRITER =
      new LineWriter(
          new FileOutputStream(FileDescriptor.err),
          System.getenv("JOURNAL_STREAM") == null ? LineFormat.TERMINAL : LineFormat.JOURNAL,
          QUEUED_LINES);

  private static volatile Level level = Level.INFO;

  static {
    Thread hook = new Thread(Log::flush, "log-flush");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private Log() {}

  /** The least severe level that is written; can be changed at any time. */
  public static void level(Level least) {
    level = least;
  }

  public static Level level() {
    return level;
  }

  /** Writes {@code message} whatever the level is: what others wait for. */
  public static void announce(String message) {
    write(new LogLine(Level.INFO, System.currentTimeMillis(), message, null));
  }

  /** Waits until every line so far is written, but not longer than half a second. */
  public static void flush() {
    WRITER.flush(LAST_WORDS);
  }

  /** How many lines were given up since the start because standard error was too slow. */
  public static long droppedLines() {
    return WRITER.droppedLines();
  }

  static void write(LogLine line) {
    WRITER.write(line);
  }
}
