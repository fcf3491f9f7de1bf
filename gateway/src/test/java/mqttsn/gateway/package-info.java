@NullMarked
package mqttsn.gateway;

import org.jspecify.annotations.NullMarked;
