/** UDP sockets and multicast groups on an event loop. */
@NullMarked
package mqttsn.daemon.net;

import org.jspecify.annotations.NullMarked;
