package mqttsn.codec;

/**
 * PUBLISH (§5.4.12).
 *
 * @param msgId 0 and without meaning for QoS 0 and -1
 */
public record Publish(
    boolean dup, Qos qos, boolean retain, PublishTopic topic, int msgId, Octets data)
    implements ToGateway, ToClient {

  public Publish {
    Wire.checkUint16("msgId", msgId);
    Wire.checkTail(MessageType.PUBLISH, "data", data);
    if (qos == Qos.MINUS_ONE && topic instanceof NormalId) {
      throw new IllegalArgumentException(
          "topic is " + topic + " with QoS -1, expected a predefined id or a short name");
    }
  }

  @Override
  public MessageType type() {
    return MessageType.PUBLISH;
  }

  /** Whether the other one has the same octets, apart from the DUP flag. */
  public boolean isSameAs(Publish other) {
    return msgId == other.msgId
        && qos == other.qos
        && retain == other.retain
        && topic.equals(other.topic)
        && data.equals(other.data);
  }
}
