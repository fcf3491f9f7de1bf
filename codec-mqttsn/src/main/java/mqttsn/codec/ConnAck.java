package mqttsn.codec;

/** CONNACK (§5.4.5). */
public record ConnAck(ReturnCode returnCode) implements ToClient {

  @Override
  public MessageType type() {
    return MessageType.CONNACK;
  }
}
