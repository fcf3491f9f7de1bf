/**
 * The MQTT shell: the broker half of the core's actions, over TCP, TLS, WebSocket or QUIC.
 *
 * <p>Everything here lives on the gateway's one event loop; there are no locks, and nothing blocks
 * it.
 *
 * <p>Reading order: {@link mqttsn.gateway.broker.BrokerLinks} (all links), {@code Link} (one link
 * over its re-connections), {@code Connects} (who may connect when, and where to), {@code
 * MqttConnection} (one connection), {@code FromBroker}, {@code ToBroker} and {@code
 * FrequentPackets} (one place for each packet), {@link mqttsn.gateway.broker.BrokerTransport} (what
 * is below MQTT).
 */
@NullMarked
package mqttsn.gateway.broker;

import org.jspecify.annotations.NullMarked;
