/** The life of a daemon's process: command line, start, signals, reload, end. */
@NullMarked
package mqttsn.daemon.process;

import org.jspecify.annotations.NullMarked;
