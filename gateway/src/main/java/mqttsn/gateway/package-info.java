/** Command line and wiring of the gateway. */
@NullMarked
package mqttsn.gateway;

import org.jspecify.annotations.NullMarked;
