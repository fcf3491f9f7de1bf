package mqttsn.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinylog.Level;

class LineFormatTest {
  private static String format(
      LineFormat format, Level level, String message, @Nullable Throwable thrown) {
    StringBuilder out = new StringBuilder();
    format.format(out, new LogLine(level, 1_790_000_000_123L, message, thrown));
    return out.toString();
  }

  @Test
  void showsTimeLevelAndMessageOnATerminal() {
    assertThat(format(LineFormat.TERMINAL, Level.INFO, "client connected", null))
        .isEqualTo("2026-09-21T14:13:20.123Z INFO  client connected\n");
    assertThat(format(LineFormat.TERMINAL, Level.ERROR, "no", null))
        .isEqualTo("2026-09-21T14:13:20.123Z ERROR no\n");
  }

  @ParameterizedTest
  @CsvSource({"TRACE,7", "DEBUG,7", "INFO,6", "WARN,4", "ERROR,3"})
  void tellsTheJournalThePriorityAndNoTime(Level level, int priority) {
    assertThat(format(LineFormat.JOURNAL, level, "broker down", null))
        .isEqualTo("<" + priority + ">broker down\n");
  }

  @Test
  void prefixesEveryLineOfAStackTraceForTheJournal() {
    Throwable thrown = new IllegalStateException("outer", new RuntimeException("inner\nforged"));

    String text = format(LineFormat.JOURNAL, Level.ERROR, "stopped", thrown);

    assertThat(text.lines()).hasSizeGreaterThan(3).allMatch(line -> line.startsWith("<3>"));
    assertThat(text)
        .startsWith(
            "<3>stopped: java.lang.IllegalStateException: outer\n<3>    at mqttsn.daemon.log.")
        .contains("\n<3>  caused by java.lang.RuntimeException: inner\\nforged\n");
  }

  @Test
  void keepsAHostileClientIdOnItsLine() {
    assertThat(
            format(
                LineFormat.JOURNAL,
                Level.INFO,
                "client a\n<0>b\r\u001B[2J\u2028\u202Ec\u0000 äλ😀",
                null))
        .isEqualTo("<6>client a\\n<0>b\\u000D\\u001B[2J\\u2028\\u202Ec\\u0000 äλ😀\n");
  }

  @Test
  void endsCyclesOfCausesAndDeepStacks() {
    RuntimeException first = new RuntimeException("first");
    RuntimeException second = new RuntimeException("second", first);
    first.initCause(second);
    StackTraceElement frame = new StackTraceElement("a.B", "c", "B.java", 1);
    StackTraceElement[] deep = new StackTraceElement[10_000];
    Arrays.fill(deep, frame);
    first.setStackTrace(deep);
    second.setStackTrace(new StackTraceElement[0]);

    assertThat(format(LineFormat.TERMINAL, Level.ERROR, "", first).lines()).hasSizeLessThan(300);
  }
}
