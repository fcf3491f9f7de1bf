package mqttsn.codec;

/**
 * A request that cannot be obeyed but can be answered: its header is readable, and the standard has
 * a negative answer for its type. The answer is always "rejected: not supported".
 *
 * @param topicId the TopicId field of a PUBLISH, which its PUBACK repeats; 0 for other types
 * @param msgId the MsgId to answer with; 0 for types without one
 */
public record Unusable(MessageType type, int topicId, int msgId, Reason reason) implements Legible {

  /** What is wrong with the request. */
  public enum Reason {
    /** CONNECT with a ProtocolId other than 0x01. */
    PROTOCOL_ID("protocol-id"),
    /** A string that is not UTF-8 or contains U+0000. */
    INVALID_STRING("invalid-string"),
    /** TopicIdType 0b11. */
    RESERVED_TOPIC_ID_TYPE("reserved-topic-id-type"),
    /** QoS bits 0b11 outside PUBLISH. */
    RESERVED_QOS("reserved-qos"),
    /** A name is due and the message ends. */
    TOPIC_MISSING("topic-missing"),
    /** A predefined id or short name that has not exactly two octets. */
    TOPIC_LENGTH("topic-length");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** The reason in lower-kebab case; stays the same over releases, for metrics. */
    public String label() {
      return label;
    }
  }

  public Unusable {
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
  }
}
