/**
 * A client of MQTT-SN 1.2: the protocol without I/O ({@link mqttsn.gateway.client.ClientProtocol}),
 * a UDP socket around it ({@link mqttsn.gateway.client.MqttSnClient}), and the commands that use
 * it. Knows the codec and the topics, and nothing of the gateway.
 */
@NullMarked
package mqttsn.gateway.client;

import org.jspecify.annotations.NullMarked;
