/** Tests of the protocol core, in virtual time. */
@NullMarked
package mqttsn.gateway.session;

import org.jspecify.annotations.NullMarked;
