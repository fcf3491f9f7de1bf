/** The gateway's configuration as validated records. */
@NullMarked
package mqttsn.gateway.config;

import org.jspecify.annotations.NullMarked;
