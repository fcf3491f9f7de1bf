package mqttsn.gateway.client;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillTopic;

/** The will that a client hands over while it connects (§6.2). */
public record ClientWill(WillTopic willTopic, WillMsg willMsg) {

  public static ClientWill of(String topicName, Qos qos, boolean retain, Octets message) {
    return new ClientWill(new WillTopic(qos, retain, topicName), new WillMsg(message));
  }

  /** Deletes the will that an earlier session left behind. */
  public static ClientWill none() {
    return new ClientWill(WillTopic.EMPTY, new WillMsg(Octets.EMPTY));
  }
}
