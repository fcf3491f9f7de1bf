package mqttsn.codec;

/**
 * PINGREQ (§5.4.19).
 *
 * @param clientId of a sleeping client that comes for its messages; empty if absent
 */
public record PingReq(String clientId) implements ToGateway, ToClient {

  public PingReq {
    Wire.checkTail(MessageType.PINGREQ, "clientId", clientId);
  }

  @Override
  public MessageType type() {
    return MessageType.PINGREQ;
  }
}
