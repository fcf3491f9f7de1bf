/**
 * What a gateway does, without I/O: the protocol core.
 *
 * <p>No socket, clock, thread, randomness or logger appears here. Time is an argument (monotonic
 * nanoseconds), every input returns the list of {@link mqttsn.gateway.session.Action}s that the
 * caller performs afterwards, and the same inputs give the same outputs.
 *
 * <p>Reading order: {@link mqttsn.gateway.session.Action}, {@link
 * mqttsn.gateway.session.BrokerCommand} and {@link mqttsn.gateway.session.BrokerEvent} (the ports),
 * {@link mqttsn.gateway.session.Gateway}, {@link mqttsn.gateway.session.Reception} (what a datagram
 * leads to), {@link mqttsn.gateway.session.SessionTable} (all clients), {@link
 * mqttsn.gateway.session.Session} (one client), {@link mqttsn.gateway.session.SessionLife} (its
 * state), then the procedures that a session is made of.
 */
@NullMarked
package mqttsn.gateway.session;

import org.jspecify.annotations.NullMarked;
