package mqttsn.daemon.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as configuration files write them: {@code 500ms}, {@code 30s}, {@code 1d}. */
final class DurationText {
  static final String EXPECTED = "a duration such as 500ms, 30s, 15m, 12h or 1d";

  /** A hundred years: every accepted duration can be counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads a whole number and its unit.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static Duration parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    long count = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a duration of at most " + format(LONGEST));
    }
    return duration;
  }

  /** The duration in its largest unit that loses nothing; below a millisecond is cut off. */
  static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3_600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 != 0 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }
}
