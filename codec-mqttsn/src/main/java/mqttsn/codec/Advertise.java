package mqttsn.codec;

/**
 * ADVERTISE (§5.4.1): a gateway makes itself known.
 *
 * @param durationSeconds until its next ADVERTISE, 0 to 65535
 */
public record Advertise(int gwId, int durationSeconds) implements ToGateway, ToClient {

  public Advertise {
    Wire.checkUint8("gwId", gwId);
    Wire.checkUint16("durationSeconds", durationSeconds);
  }

  @Override
  public MessageType type() {
    return MessageType.ADVERTISE;
  }
}
