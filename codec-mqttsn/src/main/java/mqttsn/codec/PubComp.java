package mqttsn.codec;

/** PUBCOMP (§5.4.14). */
public record PubComp(int msgId) implements ToGateway, ToClient {

  public PubComp {
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.PUBCOMP;
  }
}
