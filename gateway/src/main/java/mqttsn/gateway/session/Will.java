package mqttsn.gateway.session;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;

/**
 * A client's will (§6.3): what is published when the client is lost.
 *
 * @param topicName a valid topic name
 * @param payload the will message; may be empty
 * @param qos 0, 1 or 2
 * @param retain whether the broker keeps it
 */
public record Will(String topicName, Octets payload, Qos qos, boolean retain) {}
