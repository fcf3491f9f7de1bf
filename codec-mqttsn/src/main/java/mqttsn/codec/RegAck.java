package mqttsn.codec;

/** REGACK (§5.4.11). */
public record RegAck(int topicId, int msgId, ReturnCode returnCode) implements ToGateway, ToClient {

  public RegAck {
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.REGACK;
  }
}
