/** What the service manager of a Linux box and a daemon tell each other; nothing without one. */
@NullMarked
package mqttsn.daemon.systemd;

import org.jspecify.annotations.NullMarked;
