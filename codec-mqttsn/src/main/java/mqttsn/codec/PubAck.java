package mqttsn.codec;

/** PUBACK (§5.4.13): ends QoS 1, and reports an error of any QoS. */
public record PubAck(int topicId, int msgId, ReturnCode returnCode) implements ToGateway, ToClient {

  public PubAck {
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.PUBACK;
  }
}
