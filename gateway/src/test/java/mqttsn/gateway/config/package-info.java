@NullMarked
package mqttsn.gateway.config;

import org.jspecify.annotations.NullMarked;
