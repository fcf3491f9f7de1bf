/**
 * The gateway's configuration as validated records: {@link mqttsn.gateway.config.Configuration} is
 * the file, every other record a section of it. A rule about a value stands beside the value.
 */
@NullMarked
package mqttsn.gateway.config;

import org.jspecify.annotations.NullMarked;
