/**
 * Topic ids and topic names: per client, predefined, short.
 *
 * <p>Reading order: {@link mqttsn.topic.TopicTable} (one client), {@link
 * mqttsn.topic.PredefinedTopics} and {@link mqttsn.topic.PredefinedTopicsFile}, {@link
 * mqttsn.topic.TopicRules} (which names and filters are valid).
 */
@NullMarked
package mqttsn.topic;

import org.jspecify.annotations.NullMarked;
