package mqttsn.gateway.session;

import java.util.Locale;

/** Constants as metric labels. */
final class Labels {

  private Labels() {}

  /** The constant's name in lower-kebab case. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
