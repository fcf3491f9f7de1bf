/**
 * MQTT over QUIC that survives a change of address: the broker sees a NAT rebinding where the
 * gateway changed its network, and the MQTT connection goes on.
 *
 * <p>Reading order: {@link mqttsn.gateway.broker.quic.PathPolicy} decides when to change the path;
 * {@link mqttsn.gateway.broker.quic.AnchorChannel} hides the change from the QUIC codec; {@link
 * mqttsn.gateway.broker.quic.Path} joins the two for one connection; {@link
 * mqttsn.gateway.broker.quic.QuicTransport} opens connections.
 */
@NullMarked
package mqttsn.gateway.broker.quic;

import org.jspecify.annotations.NullMarked;
