/** Messages as lines of text, for logs, golden vectors and test scenarios. */
@NullMarked
package mqttsn.codec.text;

import org.jspecify.annotations.NullMarked;
