package mqttsn.daemon.net;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Network interfaces by name, such as {@code eth0} or {@code eth0,wlan0}; {@code auto} is every one
 * that is up and can multicast.
 *
 * @param names empty for auto
 */
public record InterfaceNames(List<String> names) {

  private static final String AUTO = "auto";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:@-]{1,15}");

  /**
   * Reads {@code auto} or names with commas between them.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static InterfaceNames parse(String text) {
    if (text.equals(AUTO)) {
      return new InterfaceNames(List.of());
    }
    List<String> names = List.of(text.split(",", -1)).stream().map(String::strip).toList();
    if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
      throw new IllegalArgumentException("auto, or names of interfaces such as eth0,wlan0");
    }
    return new InterfaceNames(names);
  }

  public boolean isAuto() {
    return names.isEmpty();
  }

  @Override
  public String toString() {
    return isAuto() ? AUTO : String.join(",", names);
  }
}
