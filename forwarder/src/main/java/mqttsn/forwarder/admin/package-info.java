/** What the forwarder tells its operator over HTTP. */
@NullMarked
package mqttsn.forwarder.admin;

import org.jspecify.annotations.NullMarked;
