@NullMarked
package mqttsn.gateway.net;

import org.jspecify.annotations.NullMarked;
