package mqttsn.codec;

/** PINGRESP (§5.4.20). */
public record PingResp() implements ToGateway, ToClient {

  @Override
  public MessageType type() {
    return MessageType.PINGRESP;
  }
}
