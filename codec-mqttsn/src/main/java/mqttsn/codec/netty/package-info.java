/** The codec as a handler for the pipelines of Netty projects. */
@NullMarked
package mqttsn.codec.netty;

import org.jspecify.annotations.NullMarked;
