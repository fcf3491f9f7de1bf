package mqttsn.daemon.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.tinylog.Level;

/**
 * What a line of the log looks like. Whatever a client may have put into a message or an exception,
 * one event stays one line (and its stack trace): control, format and separator characters are
 * written as escapes.
 */
enum LineFormat {
  /** Time in UTC, level, message. */
  TERMINAL {
    @Override
    void begin(StringBuilder out, Level level, long epochMillis) {
      out.append(TIME.format(Instant.ofEpochMilli(epochMillis)))
          .append(
              level == Level.INFO || level == Level.WARN ? " " + level + "  " : " " + level + " ");
    }

    @Override
    void continued(StringBuilder out, Level level) {}
  },

  /** The priority of syslog in front of every line; the journal adds the time. */
  JOURNAL {
    @Override
    void begin(StringBuilder out, Level level, long epochMillis) {
      continued(out, level);
    }

    @Override
    void continued(StringBuilder out, Level level) {
      out.append(
          switch (level) {
            case TRACE, DEBUG -> "<7>";
            case INFO -> "<6>";
            case WARN -> "<4>";
            case ERROR, OFF -> "<3>";
          });
    }
  };

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final int MAX_FRAMES = 60;
  private static final int MAX_CAUSES = 8;

  abstract void begin(StringBuilder out, Level level, long epochMillis);

  abstract void continued(StringBuilder out, Level level);

  void format(StringBuilder out, LogLine line) {
    begin(out, line.level(), line.epochMillis());
    Throwable thrown = line.thrown();
    appendPrintable(out, line.message());
    if (thrown != null) {
      appendPrintable(out, (line.message().isEmpty() ? "" : ": ") + thrown);
    }
    out.append('\n');
    stackTrace(out, line.level(), thrown);
  }

  private void stackTrace(StringBuilder out, Level level, @Nullable Throwable thrown) {
    Throwable current = thrown;
    for (int cause = 0; current != null && cause < MAX_CAUSES; cause++) {
      if (cause > 0) {
        continued(out, level);
        appendPrintable(out, "  caused by " + current);
        out.append('\n');
      }
      StackTraceElement[] frames = current.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
        continued(out, level);
        appendPrintable(out, "    at " + frames[i]);
        out.append('\n');
      }
      current = current.getCause();
    }
  }

  private static void appendPrintable(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPrintable(c)) {
        out.append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else {
        out.append(String.format("\\u%04X", (int) c));
      }
    }
  }

  private static boolean isPrintable(char c) {
    if (c >= ' ' && c < 0x7F) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
