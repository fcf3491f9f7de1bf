package mqttsn.codec;

/**
 * DISCONNECT (§5.4.21).
 *
 * @param durationSeconds how long the client wants to sleep, 1 to 65535; 0 if absent, and a
 *     Duration of 0 says the same
 */
public record Disconnect(int durationSeconds) implements ToGateway, ToClient {

  public Disconnect {
    Wire.checkUint16("durationSeconds", durationSeconds);
  }

  @Override
  public MessageType type() {
    return MessageType.DISCONNECT;
  }
}
