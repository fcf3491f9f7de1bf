/** Nodes on a serial line: SLIP frames (RFC 1055), and a port that comes back when it was lost. */
@NullMarked
package mqttsn.forwarder.serial;

import org.jspecify.annotations.NullMarked;
