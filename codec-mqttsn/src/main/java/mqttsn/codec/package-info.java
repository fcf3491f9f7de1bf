/** MQTT-SN 1.2 messages as values, and their encoding. */
@NullMarked
package mqttsn.codec;

import org.jspecify.annotations.NullMarked;
