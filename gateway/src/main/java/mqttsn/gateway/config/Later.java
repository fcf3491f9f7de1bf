package mqttsn.gateway.config;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys that are known, but whose feature is not in this version: they take their default only. */
final class Later {

  private Later() {}

  /**
   * @throws IllegalArgumentException if the value is another than the default
   */
  static void key(String key, @Nullable Object value, @Nullable Object byDefault) {
    if (!Objects.equals(value, byDefault)) {
      throw new IllegalArgumentException(
          key + ": this version has no such feature, expected " + written(byDefault));
    }
  }

  private static String written(@Nullable Object value) {
    return value instanceof Enum<?> constant
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : String.valueOf(value);
  }
}
