/** Topic ids and topic names: per client, predefined, short. */
@NullMarked
package mqttsn.topic;

import org.jspecify.annotations.NullMarked;
