/** Tests of the launcher script. */
@NullMarked
package mqttsn.daemon.launcher;

import org.jspecify.annotations.NullMarked;
