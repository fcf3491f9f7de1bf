@NullMarked
package mqttsn.gateway.admin;

import org.jspecify.annotations.NullMarked;
