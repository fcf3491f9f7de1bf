package mqttsn.codec;

import io.netty.buffer.ByteBuf;

/** Which of the two decoders a test means. */
enum Direction {
  TO_GATEWAY,
  TO_CLIENT;

  Decoded decode(ByteBuf datagram) {
    return switch (this) {
      case TO_GATEWAY -> Decoder.toGateway(datagram);
      case TO_CLIENT -> Decoder.toClient(datagram);
    };
  }

  boolean isOf(Message message) {
    return switch (this) {
      case TO_GATEWAY -> message instanceof ToGateway;
      // QoS -1 is for clients to send (§6.8).
      case TO_CLIENT ->
          message instanceof ToClient
              && !(message instanceof Publish publish && publish.qos() == Qos.MINUS_ONE);
    };
  }
}
