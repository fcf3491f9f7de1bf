/** What an operator sees of a daemon over HTTP: a small server, bearer tokens, metrics. */
@NullMarked
package mqttsn.daemon.admin;

import org.jspecify.annotations.NullMarked;
