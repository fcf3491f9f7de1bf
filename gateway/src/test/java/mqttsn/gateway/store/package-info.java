/** Tests of what survives the process. */
@NullMarked
package mqttsn.gateway.store;

import org.jspecify.annotations.NullMarked;
