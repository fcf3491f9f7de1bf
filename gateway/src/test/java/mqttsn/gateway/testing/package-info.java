/**
 * What tests of several packages share, above all real brokers that a test starts, hurts and ends.
 */
@NullMarked
package mqttsn.gateway.testing;

import org.jspecify.annotations.NullMarked;
