package mqttsn.codec;

/** UNSUBACK (§5.4.18). */
public record UnsubAck(int msgId) implements ToClient {

  public UnsubAck {
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.UNSUBACK;
  }
}
