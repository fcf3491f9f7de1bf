package mqttsn.daemon.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or disk in octets, written {@code 512B}, {@code 64KiB}, {@code 32MiB}. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  static final String EXPECTED = "a size such as 512B, 64KiB or 32MiB";
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB)?");
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB"};

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  /**
   * Reads what the configuration says, {@code 64KiB}; a bare number is octets.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    int unit = 0;
    while (matcher.group(2) != null && !UNITS[unit].equals(matcher.group(2))) {
      unit++;
    }
    long count = Long.parseLong(matcher.group(1));
    if (count > Long.MAX_VALUE >> (10 * unit)) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return new ByteSize(count << (10 * unit));
  }

  /** The size as an array length or buffer limit; at most {@link Integer#MAX_VALUE}. */
  public int intBytes() {
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length - 1);
    return (bytes >> (10 * unit)) + UNITS[unit];
  }
}
