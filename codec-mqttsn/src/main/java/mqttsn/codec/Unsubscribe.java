package mqttsn.codec;

/** UNSUBSCRIBE (§5.4.17). */
public record Unsubscribe(int msgId, SubscribeTopic topic) implements ToGateway {

  public Unsubscribe {
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.UNSUBSCRIBE;
  }
}
