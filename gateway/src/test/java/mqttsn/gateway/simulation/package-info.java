/**
 * The protocol core in a simulated world: one seed gives clients, a network, a broker and their
 * faults; hours of virtual time pass in seconds, and {@link mqttsn.gateway.simulation.Invariant}s
 * are checked after every event.
 *
 * <p>Reading order: {@link mqttsn.gateway.simulation.World}, {@link
 * mqttsn.gateway.simulation.ModelClient}, {@link mqttsn.gateway.simulation.Network}, {@link
 * mqttsn.gateway.simulation.ModelBroker}, {@link mqttsn.gateway.simulation.Links}, then the
 * invariants.
 */
@NullMarked
package mqttsn.gateway.simulation;

import org.jspecify.annotations.NullMarked;
