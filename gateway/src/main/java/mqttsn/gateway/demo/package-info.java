/** The gateway with everything around it in one process, to be seen at work. */
@NullMarked
package mqttsn.gateway.demo;

import org.jspecify.annotations.NullMarked;
