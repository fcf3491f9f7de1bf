package mqttsn.topic;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Short topic names (§6.7): names of exactly two octets of UTF-8, which stand in the TopicId field
 * themselves and need no registration.
 */
public final class ShortTopicNames {

  private ShortTopicNames() {}

  /**
   * The topic name in a TopicId field of 0 to 65,535, null if the two octets are none: not UTF-8, a
   * wildcard, a control character.
   */
  public static @Nullable String nameOf(int octets) {
    int first = (octets >> 8) & 0xFF;
    int second = octets & 0xFF;
    String name;
    if (first < 0x80 && second < 0x80) {
      name = new String(new char[] {(char) first, (char) second});
    } else if (first >= 0xC2 && first <= 0xDF && (second & 0xC0) == 0x80) {
      name = String.valueOf((char) (((first & 0x1F) << 6) | (second & 0x3F)));
    } else {
      return null;
    }
    return TopicRules.DEFAULT.allowsName(name) ? name : null;
  }

  /** Whether the name has exactly two octets, so that it can be sent as a short topic name. */
  public static boolean isShort(String name) {
    return name.length() <= 2 && name.getBytes(StandardCharsets.UTF_8).length == 2;
  }

  /**
   * The TopicId field that carries the short name.
   *
   * @throws IllegalArgumentException if the name has not exactly two octets
   */
  public static int octetsOf(String name) {
    if (!isShort(name)) {
      throw new IllegalArgumentException("topic name '" + name + "': expected two octets");
    }
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    return ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF);
  }
}
