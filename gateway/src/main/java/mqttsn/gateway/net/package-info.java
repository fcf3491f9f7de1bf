/**
 * The UDP shell: sockets, discovery groups, and the driver that feeds the core and performs what it
 * decides. Everything here runs in one event loop unless it says otherwise.
 *
 * <p>Reading order: {@link mqttsn.gateway.net.Driver}, {@link mqttsn.gateway.net.UdpShell}, {@link
 * mqttsn.gateway.net.Counters}.
 */
@NullMarked
package mqttsn.gateway.net;

import org.jspecify.annotations.NullMarked;
