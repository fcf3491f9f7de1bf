@NullMarked
package mqttsn.gateway.client;

import org.jspecify.annotations.NullMarked;
