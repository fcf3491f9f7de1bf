/**
 * The sockets of the forwarder, and the event loop that feeds its core.
 *
 * <p>Reading order: {@link mqttsn.forwarder.net.ForwarderShell} (datagrams in), {@code WaysOut}
 * (datagrams out), {@code GatewayNames}, {@link mqttsn.forwarder.net.Counters}.
 */
@NullMarked
package mqttsn.forwarder.net;

import org.jspecify.annotations.NullMarked;
