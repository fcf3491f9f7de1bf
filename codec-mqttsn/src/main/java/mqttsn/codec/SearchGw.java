package mqttsn.codec;

/**
 * SEARCHGW (§5.4.2): a client looks for a gateway.
 *
 * @param radius how far to broadcast in hops, 0 the whole network
 */
public record SearchGw(int radius) implements ToGateway, ToClient {

  public SearchGw {
    Wire.checkUint8("radius", radius);
  }

  @Override
  public MessageType type() {
    return MessageType.SEARCHGW;
  }
}
