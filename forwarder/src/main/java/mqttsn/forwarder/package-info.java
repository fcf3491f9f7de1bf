/** The forwarder: encapsulates datagrams of nodes that cannot reach a gateway. */
@NullMarked
package mqttsn.forwarder;

import org.jspecify.annotations.NullMarked;
