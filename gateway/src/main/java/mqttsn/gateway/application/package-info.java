/** The other side of the broker: an MQTT application, for demo, probe and tests. */
@NullMarked
package mqttsn.gateway.application;

import org.jspecify.annotations.NullMarked;
