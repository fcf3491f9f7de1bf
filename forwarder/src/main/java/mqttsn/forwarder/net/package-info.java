/** The sockets of the forwarder, and the event loop that feeds its core. */
@NullMarked
package mqttsn.forwarder.net;

import org.jspecify.annotations.NullMarked;
