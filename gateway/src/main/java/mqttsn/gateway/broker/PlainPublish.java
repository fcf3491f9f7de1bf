package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessageType;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerCommand;

/**
 * A PUBLISH without properties as octets. The library's encoder makes the same octets, but takes
 * four objects and three buffers for it; of all packets to the broker, this is the frequent one.
 */
final class PlainPublish {

  private static final int DUP = 0x08;
  private static final int RETAIN = 0x01;
  private static final int LENGTH_OCTETS = 2;
  private static final int PACKET_IDENTIFIER_OCTETS = 2;

  private PlainPublish() {}

  /** Whether the packet has no properties. */
  static boolean is(BrokerCommand command, boolean version5) {
    return command instanceof BrokerCommand.Publish publish
        && (publish.origin() == null || !version5);
  }

  /** The packet in one buffer of its size. */
  static ByteBuf encode(BrokerCommand.Publish publish, boolean version5, ByteBufAllocator alloc) {
    int level = publish.qos() == Qos.MINUS_ONE ? 0 : publish.qos().level();
    int topicOctets = ByteBufUtil.utf8Bytes(publish.topicName());
    int remainingLength =
        LENGTH_OCTETS
            + topicOctets
            + (level == 0 ? 0 : PACKET_IDENTIFIER_OCTETS)
            + (version5 ? 1 : 0)
            + publish.payload().size();
    ByteBuf out = alloc.directBuffer(1 + octetsOf(remainingLength) + remainingLength);
    out.writeByte(
        (MqttMessageType.PUBLISH.value() << 4)
            | (publish.dup() ? DUP : 0)
            | (level << 1)
            | (publish.retain() ? RETAIN : 0));
    writeVariableByteInteger(out, remainingLength);
    out.writeShort(topicOctets);
    ByteBufUtil.reserveAndWriteUtf8(out, publish.topicName(), topicOctets);
    if (level > 0) {
      out.writeShort(publish.packetIdentifier());
    }
    if (version5) {
      out.writeByte(0); // length of the properties
    }
    publish.payload().writeTo(out);
    return out;
  }

  /** The octets of a variable byte integer, 1 to 4. */
  private static int octetsOf(int number) {
    return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
  }

  private static void writeVariableByteInteger(ByteBuf out, int number) {
    int rest = number;
    for (; rest >= 1 << 7; rest >>>= 7) {
      out.writeByte((rest & 0x7F) | 0x80);
    }
    out.writeByte(rest);
  }
}
