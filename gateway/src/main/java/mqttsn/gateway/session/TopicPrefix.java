package mqttsn.gateway.session;

import mqttsn.topic.TopicFilters;

/**
 * Stands before every topic name of one client at the broker, so that clients of a shared
 * connection keep apart.
 *
 * @param text may be empty
 */
record TopicPrefix(String text) {

  private static final String CLIENT_ID = "{client-id}";

  /** The prefix of one client: {@code {client-id}} in the pattern is its ClientId. */
  static TopicPrefix of(String pattern, String clientId) {
    return new TopicPrefix(pattern.replace(CLIENT_ID, clientId));
  }

  String toName(String topicName) {
    return text.isEmpty() ? topicName : text + topicName;
  }

  /** The filter with the prefix; in a shared subscription it stands behind {@code $share/NAME/}. */
  String toFilter(String topicFilter) {
    if (!TopicFilters.isShared(topicFilter)) {
      return text + topicFilter;
    }
    int filterStart = topicFilter.indexOf('/', "$share/".length()) + 1;
    return topicFilter.substring(0, filterStart) + text + topicFilter.substring(filterStart);
  }

  /** The name as the client knows it. */
  String strip(String topicName) {
    return topicName.startsWith(text) ? topicName.substring(text.length()) : topicName;
  }
}
