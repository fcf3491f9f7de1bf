/** Scenarios of the forwarder in virtual time. */
@NullMarked
package mqttsn.forwarder.core;

import org.jspecify.annotations.NullMarked;
