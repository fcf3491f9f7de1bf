/**
 * The life of a daemon's process: command line, start, signals, reload, end.
 *
 * <p>Reading order: {@link mqttsn.daemon.process.Program} (what a daemon brings), {@link
 * mqttsn.daemon.process.CommandLineProgram}, {@code Serving} (the command run), {@link
 * mqttsn.daemon.process.Lifecycle}.
 */
@NullMarked
package mqttsn.daemon.process;

import org.jspecify.annotations.NullMarked;
