package mqttsn.topic;

import mqttsn.codec.PredefinedId;

/**
 * One predefined topic (§6.7) as it is configured.
 *
 * @param clients whose it is: a ClientId, the beginning of ClientIds and an asterisk ({@code
 *     pump-*}), or {@code *} for all
 */
public record PredefinedTopic(String clients, String name, PredefinedId id) {

  static final String EXPECTED_CLIENTS = "a client id, a prefix such as pump-*, or *";

  private static final char ASTERISK = '*';

  public PredefinedTopic {
    if (!isClients(clients)) {
      throw new IllegalArgumentException("clients '" + clients + "': expected " + EXPECTED_CLIENTS);
    }
    TopicFault fault = TopicRules.DEFAULT.faultOfName(name);
    if (fault != null) {
      throw new IllegalArgumentException("topic name '" + name + "': expected " + fault.expected());
    }
    if (id.topicId() < 1 || id.topicId() > TopicTable.MAX_TOPIC_ID) {
      throw new IllegalArgumentException("topic id " + id.topicId() + ": expected 1 to 65534");
    }
  }

  static boolean isClients(String clients) {
    int asterisk = clients.indexOf(ASTERISK);
    return !clients.isEmpty()
        && (asterisk < 0 || asterisk == clients.length() - 1)
        && clients.codePoints().noneMatch(TopicRules::isForbidden);
  }

  boolean isForPrefix() {
    return clients.indexOf(ASTERISK) >= 0;
  }

  /** The clients without the asterisk: "" for all. */
  String clientIdOrPrefix() {
    return isForPrefix() ? clients.substring(0, clients.length() - 1) : clients;
  }
}
