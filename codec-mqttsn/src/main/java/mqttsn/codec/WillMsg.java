package mqttsn.codec;

/** WILLMSG (§5.4.9). */
public record WillMsg(Octets willMsg) implements ToGateway {

  public WillMsg {
    Wire.checkTail(MessageType.WILLMSG, "willMsg", willMsg);
  }

  @Override
  public MessageType type() {
    return MessageType.WILLMSG;
  }
}
