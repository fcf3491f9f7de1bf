package mqttsn.gateway.simulation;

import mqttsn.gateway.session.Settings;

/** Which clients share a broker connection, and what the broker calls them and their topics. */
record Sharing(String gatewayName, Settings.Aggregating settings) {

  static Sharing of(Settings settings) {
    return new Sharing(settings.name(), settings.aggregating());
  }

  /** Whether the client has no broker connection of its own. */
  boolean isShared(String clientId) {
    return settings.connections() > 0
        && (settings.clients().isEmpty()
            || settings.clients().stream().anyMatch(pattern -> matches(pattern, clientId)));
  }

  /** The MQTT ClientId under which the broker serves a client. */
  String mqttClientId(String clientId) {
    if (!isShared(clientId)) {
      return clientId;
    }
    int number = Math.floorMod(clientId.hashCode(), settings.connections());
    return number == 0 ? gatewayName : gatewayName + "-" + (number + 1);
  }

  /** Whether an MQTT ClientId is that of a connection for many clients. */
  boolean isOfMany(String mqttClientId) {
    return settings.connections() > 0 && mqttClientId.startsWith(gatewayName);
  }

  /** What the broker calls a topic of a client. */
  String nameAtBroker(String clientId, String topicName) {
    return isShared(clientId)
        ? settings.topicPrefix().replace("{client-id}", clientId) + topicName
        : topicName;
  }

  private static boolean matches(String pattern, String clientId) {
    return pattern.endsWith("*")
        ? clientId.startsWith(pattern.substring(0, pattern.length() - 1))
        : clientId.equals(pattern);
  }
}
