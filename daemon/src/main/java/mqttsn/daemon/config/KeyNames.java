package mqttsn.daemon.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names in lower-kebab case, and which of them somebody may have meant. */
final class KeyNames {
  private static final int NEAR = 2;

  private KeyNames() {}

  /**
   * {@code tRetry} becomes {@code t-retry}, {@code qos0} becomes {@code qos-0}, and {@code
   * interface_} becomes {@code interface}.
   */
  static String ofComponent(String camelCase) {
    return camelCase
        .replaceAll("_$", "")
        .replaceAll("([A-Z]|(?<=[a-z])[0-9])", "-$1")
        .toLowerCase(Locale.ROOT);
  }

  /** {@code AT_MOST_ONCE} becomes {@code at-most-once}. */
  static String ofConstant(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of {@code known} that is at most two edits away from {@code text}, if any. */
  static @Nullable String nearest(String text, Collection<String> known) {
    String written = text.length() > 64 ? text.substring(0, 64) : text.replace('_', '-');
    String nearest = null;
    int least = NEAR + 1;
    for (String candidate : known) {
      int edits = edits(written.toLowerCase(Locale.ROOT), candidate);
      if (edits < least && edits < candidate.length()) {
        least = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein distance, one row at a time. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
