package mqttsn.topic;

import mqttsn.codec.ShortName;
import org.jspecify.annotations.Nullable;

/** Topic names as MQTT-SN sends them; which texts are names at all, {@link TopicRules} says. */
public final class TopicNames {

  private TopicNames() {}

  /** The name as a short topic name (§6.7), null if it has not exactly two octets of UTF-8. */
  public static @Nullable ShortName shortName(String name) {
    boolean twoOctets =
        switch (name.length()) {
          case 1 -> name.charAt(0) >= 0x80 && name.charAt(0) < 0x800;
          case 2 -> name.charAt(0) < 0x80 && name.charAt(1) < 0x80;
          default -> false;
        };
    return twoOctets ? new ShortName(name) : null;
  }
}
