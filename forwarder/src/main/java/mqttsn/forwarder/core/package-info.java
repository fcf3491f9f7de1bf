/**
 * What a forwarder does (§5.5), without sockets, clock, thread or randomness: a datagram in, what
 * is to be sent out.
 */
@NullMarked
package mqttsn.forwarder.core;

import org.jspecify.annotations.NullMarked;
