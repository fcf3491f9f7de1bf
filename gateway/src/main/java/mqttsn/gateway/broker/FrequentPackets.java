package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerCommand;
import org.jspecify.annotations.Nullable;

/**
 * The frequent packets to the broker as octets: PUBLISH and the acknowledgements. The library's
 * encoder makes the same octets, but takes up to a dozen objects and three buffers for each.
 */
final class FrequentPackets {

  /** Where packets are written to. */
  interface Room {

    /** A buffer that takes so many octets more. */
    ByteBuf reserve(int octets);
  }

  private static final int DUP = 0x08;
  private static final int RETAIN = 0x01;
  private static final int PUBREL_FLAGS = 0x02;
  private static final int LENGTH_OCTETS = 2;
  private static final int PACKET_IDENTIFIER_OCTETS = 2;

  /** What is said of a publish whose connection several clients share. */
  private static final byte[] CLIENT_ID = "client-id".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] SEQUENCE = "sequence".getBytes(StandardCharsets.US_ASCII);

  private FrequentPackets() {}

  /**
   * Writes the packet of a command.
   *
   * @return false if it is none of the frequent ones
   */
  static boolean write(BrokerCommand command, boolean version5, Room room) {
    if (command instanceof BrokerCommand.Publish publish) {
      write(publish, version5, room);
    } else if (command instanceof BrokerCommand.PubAck ack) {
      acknowledge(MqttMessageType.PUBACK, 0, ack.packetIdentifier(), room);
    } else if (command instanceof BrokerCommand.PubRec rec) {
      acknowledge(MqttMessageType.PUBREC, 0, rec.packetIdentifier(), room);
    } else if (command instanceof BrokerCommand.PubRel rel) {
      acknowledge(MqttMessageType.PUBREL, PUBREL_FLAGS, rel.packetIdentifier(), room);
    } else if (command instanceof BrokerCommand.PubComp comp) {
      acknowledge(MqttMessageType.PUBCOMP, 0, comp.packetIdentifier(), room);
    } else {
      return false;
    }
    return true;
  }

  private static void acknowledge(
      MqttMessageType type, int flags, int packetIdentifier, Room room) {
    ByteBuf out = room.reserve(2 + PACKET_IDENTIFIER_OCTETS);
    out.writeByte((type.value() << 4) | flags);
    out.writeByte(PACKET_IDENTIFIER_OCTETS);
    out.writeShort(packetIdentifier);
  }

  private static void write(BrokerCommand.Publish publish, boolean version5, Room room) {
    int level = publish.qos() == Qos.MINUS_ONE ? 0 : publish.qos().level();
    int topicOctets = ByteBufUtil.utf8Bytes(publish.topicName());
    BrokerCommand.Origin origin = publish.origin();
    int clientIdOctets = origin == null ? 0 : ByteBufUtil.utf8Bytes(origin.clientId());
    int propertyOctets = propertyOctets(origin, clientIdOctets);
    int remainingLength =
        LENGTH_OCTETS
            + topicOctets
            + (level == 0 ? 0 : PACKET_IDENTIFIER_OCTETS)
            + (version5 ? octetsOf(propertyOctets) + propertyOctets : 0)
            + publish.payload().size();
    ByteBuf out = room.reserve(1 + octetsOf(remainingLength) + remainingLength);
    out.writeByte(
        (MqttMessageType.PUBLISH.value() << 4)
            | (publish.dup() ? DUP : 0)
            | (level << 1)
            | (publish.retain() ? RETAIN : 0));
    writeVariableByteInteger(out, remainingLength);
    writeString(out, publish.topicName(), topicOctets);
    if (level > 0) {
      out.writeShort(publish.packetIdentifier());
    }
    if (version5) {
      writeVariableByteInteger(out, propertyOctets);
      if (origin != null) {
        writeKey(out, CLIENT_ID);
        writeString(out, origin.clientId(), clientIdOctets);
        writeKey(out, SEQUENCE);
        writeDecimal(out, origin.sequence());
      }
    }
    publish.payload().writeTo(out);
  }

  private static int propertyOctets(BrokerCommand.@Nullable Origin origin, int clientIdOctets) {
    return origin == null
        ? 0
        : keyOctets(CLIENT_ID)
            + LENGTH_OCTETS
            + clientIdOctets
            + keyOctets(SEQUENCE)
            + LENGTH_OCTETS
            + digits(origin.sequence());
  }

  private static int keyOctets(byte[] key) {
    return 1 + LENGTH_OCTETS + key.length;
  }

  private static void writeKey(ByteBuf out, byte[] key) {
    out.writeByte(MqttProperties.USER_PROPERTY);
    out.writeShort(key.length);
    out.writeBytes(key);
  }

  private static void writeString(ByteBuf out, String text, int octets) {
    out.writeShort(octets);
    ByteBufUtil.reserveAndWriteUtf8(out, text, octets);
  }

  /** A number that is not negative, as a string of digits. */
  private static void writeDecimal(ByteBuf out, long number) {
    int digits = digits(number);
    out.writeShort(digits);
    int end = out.writerIndex() + digits;
    long rest = number;
    for (int at = end - 1; at >= out.writerIndex(); at--) {
      out.setByte(at, '0' + (int) (rest % 10));
      rest /= 10;
    }
    out.writerIndex(end);
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
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
