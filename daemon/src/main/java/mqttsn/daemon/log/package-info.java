/** The log of both daemons: lines on standard error that never make their caller wait. */
@NullMarked
package mqttsn.daemon.log;

import org.jspecify.annotations.NullMarked;
