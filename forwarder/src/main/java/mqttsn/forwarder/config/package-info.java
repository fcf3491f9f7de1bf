/** The configuration file of the forwarder as records. */
@NullMarked
package mqttsn.forwarder.config;

import org.jspecify.annotations.NullMarked;
