package mqttsn.codec;

/** WILLMSGREQ (§5.4.8). */
public record WillMsgReq() implements ToClient {

  @Override
  public MessageType type() {
    return MessageType.WILLMSGREQ;
  }
}
