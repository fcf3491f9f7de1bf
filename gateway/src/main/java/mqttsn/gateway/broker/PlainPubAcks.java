package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessageType;

/**
 * PUBACKs without properties, read where they stand. The library's decoder reads them as well, with
 * five objects each; of all packets from the broker, this is the frequent one.
 */
final class PlainPubAcks {

  /** Hears of one PUBACK after the other. */
  interface Listener {

    /** A PUBACK; {@code reasonCode} is 0 to 255, and 0 is success. */
    void pubAck(int packetIdentifier, int reasonCode);
  }

  private static final int FIRST_OCTET = MqttMessageType.PUBACK.value() << 4;
  private static final int HEADER_OCTETS = 2;

  /** Remaining length with nothing but the packet identifier. */
  private static final int SHORT = 2;

  /** Remaining length with a reason code, in MQTT 5 only. */
  private static final int WITH_REASON = 3;

  private PlainPubAcks() {}

  /**
   * Whether the buffer, which begins with a packet, holds whole and valid PUBACKs and nothing else.
   */
  static boolean areAll(ByteBuf in, boolean version5) {
    int end = in.writerIndex();
    int at = in.readerIndex();
    while (end - at >= HEADER_OCTETS + SHORT && in.getUnsignedByte(at) == FIRST_OCTET) {
      int remainingLength = in.getUnsignedByte(at + 1);
      boolean isPlain = remainingLength == SHORT || (remainingLength == WITH_REASON && version5);
      if (!isPlain || in.getUnsignedShort(at + HEADER_OCTETS) == 0) {
        return false;
      }
      at += HEADER_OCTETS + remainingLength;
    }
    return at == end;
  }

  /** Reads the PUBACKs of a buffer for which {@link #areAll} is true. */
  static void read(ByteBuf in, Listener listener) {
    while (in.isReadable()) {
      in.skipBytes(1);
      int remainingLength = in.readUnsignedByte();
      int packetIdentifier = in.readUnsignedShort();
      listener.pubAck(packetIdentifier, remainingLength == SHORT ? 0 : in.readUnsignedByte());
    }
  }
}
