package mqttsn.codec;

/**
 * A request that cannot be obeyed but can be answered: its header is readable, and the standard has
 * a negative answer for its type. The answer is always "rejected: not supported".
 *
 * @param type CONNECT, WILLTOPIC, REGISTER, PUBLISH, SUBSCRIBE or WILLTOPICUPD
 * @param topicId the TopicId field of a PUBLISH, which its PUBACK repeats; 0 for other types
 * @param msgId the MsgId to answer with; 0 for types without one
 * @param reason why it would have been dropped if there were no answer
 */
public record Unusable(MessageType type, int topicId, int msgId, Reject reason) implements Legible {

  public Unusable {
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
  }
}
