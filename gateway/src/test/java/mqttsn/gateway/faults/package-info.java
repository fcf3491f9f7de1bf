/** Faults of the network, the broker and the gateway, with real sockets and a real broker. */
@NullMarked
package mqttsn.gateway.faults;

import org.jspecify.annotations.NullMarked;
