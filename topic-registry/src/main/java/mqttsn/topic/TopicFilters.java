package mqttsn.topic;

import org.jspecify.annotations.Nullable;

/**
 * Topic filters of MQTT: wildcards, shared subscriptions, and which names a filter matches. All
 * methods but {@link #isWildcard} expect filters and names that {@link TopicRules} allows.
 */
public final class TopicFilters {

  static final String SHARE = "$share/";

  private TopicFilters() {}

  /** Whether the text has a + or a #. */
  public static boolean isWildcard(String filter) {
    return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
  }

  /** Whether the filter is one of a shared subscription, {@code $share/NAME/FILTER}. */
  public static boolean isShared(String filter) {
    return filter.startsWith(SHARE);
  }

  /**
   * The one name that the filter matches, null if it has a wildcard. Messages of the shared
   * subscription {@code $share/pumps/a/b} arrive on {@code a/b}, so that is its name.
   */
  public static @Nullable String onlyName(String filter) {
    if (isWildcard(filter)) {
      return null;
    }
    return filter.substring(start(filter));
  }

  /**
   * Whether a message on {@code name} belongs to a subscription of {@code filter}. A wildcard in
   * the first level matches no name that begins with $ (4.7.2 of MQTT 5.0).
   */
  public static boolean matches(String filter, String name) {
    int f = start(filter);
    int n = 0;
    if (name.startsWith("$") && (filter.startsWith("+", f) || filter.startsWith("#", f))) {
      return false;
    }
    while (true) {
      int filterEnd = endOfLevel(filter, f);
      int nameEnd = endOfLevel(name, n);
      if (filter.startsWith("#", f)) {
        return true;
      }
      boolean anyLevel = filterEnd == f + 1 && filter.charAt(f) == '+';
      if (!anyLevel
          && (filterEnd - f != nameEnd - n || !filter.regionMatches(f, name, n, nameEnd - n))) {
        return false;
      }
      boolean filterEnds = filterEnd == filter.length();
      if (nameEnd == name.length()) {
        // "a/#" matches its parent level "a" too.
        return filterEnds || filter.startsWith("/#", filterEnd);
      }
      if (filterEnds) {
        return false;
      }
      f = filterEnd + 1;
      n = nameEnd + 1;
    }
  }

  /** Where the filter begins after {@code $share/NAME/}, if that is there. */
  static int start(String filter) {
    if (!isShared(filter)) {
      return 0;
    }
    int slash = filter.indexOf('/', SHARE.length());
    return slash < 0 ? filter.length() : slash + 1;
  }

  private static int endOfLevel(String text, int from) {
    int slash = text.indexOf('/', from);
    return slash < 0 ? text.length() : slash;
  }
}
