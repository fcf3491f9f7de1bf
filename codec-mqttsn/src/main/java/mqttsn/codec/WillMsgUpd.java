package mqttsn.codec;

/** WILLMSGUPD (§5.4.23). */
public record WillMsgUpd(Octets willMsg) implements ToGateway {

  public WillMsgUpd {
    Wire.checkTail(MessageType.WILLMSGUPD, "willMsg", willMsg);
  }

  @Override
  public MessageType type() {
    return MessageType.WILLMSGUPD;
  }
}
