/**
 * What a forwarder does (§5.5), without sockets, clock, thread or randomness: a datagram in, what
 * is to be sent out.
 *
 * <p>Reading order: {@link mqttsn.forwarder.core.Forwarder}, {@link mqttsn.forwarder.core.Datagram}
 * (what it reads of one), {@link mqttsn.forwarder.core.Node} and {@code NodeIds} (who is behind
 * it), {@code NodeTable}, {@code GatewayChoice}.
 */
@NullMarked
package mqttsn.forwarder.core;

import org.jspecify.annotations.NullMarked;
