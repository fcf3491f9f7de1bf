package mqttsn.gateway.config;

/**
 * A version of MQTT, written {@code 5} or {@code 3.1.1}.
 *
 * @param protocolLevel what CONNECT says: 5, or 4 for MQTT 3.1.1
 */
public record MqttVersion(int protocolLevel) {

  public static final MqttVersion MQTT_5 = new MqttVersion(5);
  public static final MqttVersion MQTT_3_1_1 = new MqttVersion(4);

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static MqttVersion parse(String text) {
    return switch (text) {
      case "5" -> MQTT_5;
      case "3.1.1" -> MQTT_3_1_1;
      default -> throw new IllegalArgumentException("5 or 3.1.1");
    };
  }

  @Override
  public String toString() {
    return this.equals(MQTT_5) ? "5" : "3.1.1";
  }
}
