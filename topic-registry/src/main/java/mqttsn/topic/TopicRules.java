package mqttsn.topic;

import org.jspecify.annotations.Nullable;

/**
 * What a topic name or a topic filter has to be before a broker may see it. A broker closes the
 * whole connection over one bad PUBLISH or SUBSCRIBE, so the gateway refuses what MQTT (4.7, 4.8.2
 * and 1.5.4 of MQTT 5.0) forbids, and what it allows a broker to treat as malformed: control
 * characters and noncharacters (SI-25).
 *
 * @param maxBytes the longest name or filter in octets of UTF-8, 1 to 65,535
 * @param maxLevels the most levels, counted with the empty ones; brokers have limits of their own
 */
public record TopicRules(int maxBytes, int maxLevels) {

  /** The longest string that MQTT can carry, in octets. */
  public static final int MQTT_MAX_BYTES = 65_535;

  /** As much as MQTT and the common brokers take: EMQX stops at 128 levels, Mosquitto at 201. */
  public static final TopicRules DEFAULT = new TopicRules(MQTT_MAX_BYTES, 128);

  public TopicRules {
    if (maxBytes < 1 || maxBytes > MQTT_MAX_BYTES) {
      throw new IllegalArgumentException("maxBytes " + maxBytes + ": expected 1 to 65535");
    }
    if (maxLevels < 1) {
      throw new IllegalArgumentException("maxLevels " + maxLevels + ": expected 1 or more");
    }
  }

  /** Whether {@code name} can be registered and published on. */
  public boolean allowsName(String name) {
    return faultOfName(name) == null;
  }

  /** Whether {@code filter} can be subscribed to. */
  public boolean allowsFilter(String filter) {
    return faultOfFilter(filter) == null;
  }

  /** Why {@code name} cannot be registered or published on; null if it can. */
  public @Nullable TopicFault faultOfName(String name) {
    if (TopicFilters.isWildcard(name)) {
      return TopicFault.WILDCARD_IN_NAME;
    }
    return faultOfText(name);
  }

  /** Why {@code filter} cannot be subscribed to; null if it can. */
  public @Nullable TopicFault faultOfFilter(String filter) {
    TopicFault fault = faultOfText(filter);
    if (fault != null) {
      return fault;
    }
    if (isBrokenShare(filter)) {
      return TopicFault.BROKEN_SHARE;
    }
    return hasMisplacedWildcard(filter) ? TopicFault.MISPLACED_WILDCARD : null;
  }

  private @Nullable TopicFault faultOfText(String text) {
    if (text.isEmpty()) {
      return TopicFault.EMPTY;
    }
    int bytes = 0;
    int levels = 1;
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (isForbidden(codePoint)) {
        return TopicFault.FORBIDDEN_CHARACTER;
      }
      bytes += utf8Bytes(codePoint);
      if (codePoint == '/') {
        levels++;
      }
    }
    if (bytes > maxBytes) {
      return TopicFault.TOO_LONG;
    }
    return levels > maxLevels ? TopicFault.TOO_MANY_LEVELS : null;
  }

  /**
   * Whether a character may not stand in any text for a broker: U+0000 and surrogates, which MQTT
   * forbids, and what it lets a broker treat as malformed.
   */
  public static boolean isForbidden(int codePoint) {
    return codePoint < 0x20
        || (codePoint >= 0x7F && codePoint <= 0x9F)
        || (codePoint >= 0xD800 && codePoint <= 0xDFFF)
        || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF)
        || (codePoint & 0xFFFE) == 0xFFFE;
  }

  private static int utf8Bytes(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }

  private static boolean isBrokenShare(String filter) {
    if (!TopicFilters.isShared(filter)) {
      // Mosquitto closes the connection over a bare $share.
      return filter.equals("$share");
    }
    int start = TopicFilters.start(filter);
    String share = filter.substring(TopicFilters.SHARE.length(), start);
    return start == filter.length() || share.equals("/") || TopicFilters.isWildcard(share);
  }

  private static boolean hasMisplacedWildcard(String filter) {
    int start = TopicFilters.start(filter);
    for (int i = start; i < filter.length(); i++) {
      char c = filter.charAt(i);
      boolean last = i == filter.length() - 1;
      boolean beginsLevel = i == start || filter.charAt(i - 1) == '/';
      boolean endsLevel = last || filter.charAt(i + 1) == '/';
      if (c == '#' ? !(beginsLevel && last) : c == '+' && !(beginsLevel && endsLevel)) {
        return true;
      }
    }
    return false;
  }
}
