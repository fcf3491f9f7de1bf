package mqttsn.codec;

/**
 * CONNECT (§5.4.4).
 *
 * @param durationSeconds the keep alive, 0 to 65535
 * @param clientId may be empty here; whether a gateway takes that is its own affair
 */
public record Connect(boolean will, boolean cleanSession, int durationSeconds, String clientId)
    implements ToGateway {

  public Connect {
    Wire.checkUint16("durationSeconds", durationSeconds);
    Wire.checkTail(MessageType.CONNECT, "clientId", clientId);
  }

  @Override
  public MessageType type() {
    return MessageType.CONNECT;
  }
}
