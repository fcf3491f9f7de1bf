/** The forwarder's core in worlds that follow from a seed. */
@NullMarked
package mqttsn.forwarder.simulation;

import org.jspecify.annotations.NullMarked;
