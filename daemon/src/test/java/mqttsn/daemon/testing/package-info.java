/** What integration tests of all daemons need. */
@NullMarked
package mqttsn.daemon.testing;

import org.jspecify.annotations.NullMarked;
