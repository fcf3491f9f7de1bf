package mqttsn.gateway.session;

import mqttsn.codec.Qos;

/**
 * What the broker's CONNACK allows.
 *
 * @param mqttVersion 5, or 4 for MQTT 3.1.1
 * @param receiveMaximum how many QoS 1 and 2 publishes may be unacknowledged toward the broker, 1
 *     to 65535
 * @param maximumQos highest QoS that the broker takes
 * @param retainAvailable whether it takes retained messages
 * @param maximumPacketBytes largest packet that it takes, in octets
 */
public record BrokerLimits(
    int mqttVersion,
    int receiveMaximum,
    Qos maximumQos,
    boolean retainAvailable,
    int maximumPacketBytes) {

  /** MQTT 3.1.1, where CONNACK sets no limits. */
  public static final BrokerLimits MQTT_3_1_1 =
      new BrokerLimits(4, 65_535, Qos.TWO, true, 268_435_460);

  /** Whether the broker takes a publish of this kind at all. */
  boolean admits(Qos qos, boolean retain, String topicName, int payloadBytes) {
    return qos.level() <= maximumQos.level()
        && (!retain || retainAvailable)
        && payloadBytes + 3L * topicName.length() + 64 <= maximumPacketBytes;
  }

  /** The same for one of many sessions, among whom somebody else shares the receive maximum out. */
  BrokerLimits withoutReceiveMaximum() {
    return new BrokerLimits(mqttVersion, 65_535, maximumQos, retainAvailable, maximumPacketBytes);
  }
}
