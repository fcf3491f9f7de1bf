package mqttsn.gateway.session;

import java.util.List;

/** The subscription identifiers of a PUBLISH (MQTT 5). */
public record SubscriptionIdentifiers(List<Integer> values) {

  /** No identifier: MQTT 3.1.1, or none was given. */
  public static final SubscriptionIdentifiers NONE = new SubscriptionIdentifiers(List.of());
}
