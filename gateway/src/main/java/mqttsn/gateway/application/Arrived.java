package mqttsn.gateway.application;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;

/** A message that the broker sent to an application. */
public record Arrived(String topicName, Qos qos, boolean retain, Octets data) {}
