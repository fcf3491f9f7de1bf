package mqttsn.codec;

/** PUBREL (§5.4.14). */
public record PubRel(int msgId) implements ToGateway, ToClient {

  public PubRel {
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.PUBREL;
  }
}
