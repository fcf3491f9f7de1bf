/** What survives the process: sessions in a file (h2-mvstore), written by a thread of their own. */
@NullMarked
package mqttsn.gateway.store;

import org.jspecify.annotations.NullMarked;
