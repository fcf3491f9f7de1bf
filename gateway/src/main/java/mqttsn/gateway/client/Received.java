package mqttsn.gateway.client;

import mqttsn.codec.Octets;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;

/**
 * A message that the gateway published to this client.
 *
 * @param topicName the name; for a predefined id, whose name the client does not learn, its number
 */
public record Received(
    PublishTopic topic, String topicName, Qos qos, boolean retain, boolean dup, Octets data) {}
