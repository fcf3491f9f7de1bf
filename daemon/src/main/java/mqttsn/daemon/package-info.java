/** What both daemons share. */
@NullMarked
package mqttsn.daemon;

import org.jspecify.annotations.NullMarked;
