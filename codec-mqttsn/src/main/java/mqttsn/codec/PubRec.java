package mqttsn.codec;

/** PUBREC (§5.4.14). */
public record PubRec(int msgId) implements ToGateway, ToClient {

  public PubRec {
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.PUBREC;
  }
}
