package mqttsn.codec;

/** WILLMSGRESP (§5.4.25). */
public record WillMsgResp(ReturnCode returnCode) implements ToClient {

  @Override
  public MessageType type() {
    return MessageType.WILLMSGRESP;
  }
}
