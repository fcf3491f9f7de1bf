package mqttsn.codec;

/**
 * GWINFO (§5.4.3): the answer to SEARCHGW.
 *
 * @param gwAdd the gateway's address in the network's own form; empty when the gateway itself sends
 */
public record GwInfo(int gwId, Octets gwAdd) implements ToGateway, ToClient {

  public GwInfo {
    Wire.checkUint8("gwId", gwId);
    Wire.checkTail(MessageType.GWINFO, "gwAdd", gwAdd);
  }

  @Override
  public MessageType type() {
    return MessageType.GWINFO;
  }
}
