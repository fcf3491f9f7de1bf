package mqttsn.codec;

/**
 * REGISTER (§5.4.10).
 *
 * @param topicId the id that a gateway assigned; 0 and without meaning from a client
 */
public record Register(int topicId, int msgId, String topicName) implements ToGateway, ToClient {

  public Register {
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
    Wire.checkNotEmpty("topicName", topicName);
    Wire.checkTail(MessageType.REGISTER, "topicName", topicName);
  }

  @Override
  public MessageType type() {
    return MessageType.REGISTER;
  }
}
