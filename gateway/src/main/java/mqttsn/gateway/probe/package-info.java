/** Measures a running installation from both of its ends. */
@NullMarked
package mqttsn.gateway.probe;

import org.jspecify.annotations.NullMarked;
