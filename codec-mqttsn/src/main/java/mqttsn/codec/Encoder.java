package mqttsn.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Messages to octets (§5.2 to §5.5), the mirror image of {@link Decoder}. The one-octet Length is
 * used whenever the message fits it, because small clients read no other. Stateless, safe from any
 * thread.
 */
public final class Encoder {

  private Encoder() {}

  /** Appends a message; the buffer grows by {@link #encodedLength(Message)}. */
  public static void encode(Message message, ByteBuf out) {
    MessageType type = message.type();
    int octets = 1 + type.fixedOctets() + tailOctets(message);
    int length = length(octets);
    out.ensureWritable(length);
    if (length <= Wire.MAX_SHORT_LENGTH) {
      out.writeByte(length);
    } else {
      out.writeByte(Wire.LONG_LENGTH_MARKER).writeShort(length);
    }
    out.writeByte(type.code());
    fields(message, out);
  }

  /** Appends a message for a node behind a forwarder (§5.5). */
  public static void encode(Encapsulation encapsulation, Message message, ByteBuf out) {
    encapsulation.writeTo(out);
    encode(message, out);
  }

  /** The octets of a message with its Length, 2 to 65535. */
  public static int encodedLength(Message message) {
    return length(1 + message.type().fixedOctets() + tailOctets(message));
  }

  /** The Length of so many octets from MsgType on. */
  private static int length(int octets) {
    return octets + Wire.SHORT_LENGTH_OCTETS <= Wire.MAX_SHORT_LENGTH
        ? octets + Wire.SHORT_LENGTH_OCTETS
        : octets + Wire.LONG_LENGTH_OCTETS;
  }

  /** Octets beyond the fixed ones of the type. */
  private static int tailOctets(Message message) {
    return switch (message.type()) {
      case GWINFO -> ((GwInfo) message).gwAdd().size();
      case CONNECT -> octets(((Connect) message).clientId());
      case WILLTOPIC -> willTopicOctets(((WillTopic) message).willTopic());
      case WILLMSG -> ((WillMsg) message).willMsg().size();
      case REGISTER -> octets(((Register) message).topicName());
      case PUBLISH -> ((Publish) message).data().size();
      case SUBSCRIBE -> topicOctets(((Subscribe) message).topic());
      case UNSUBSCRIBE -> topicOctets(((Unsubscribe) message).topic());
      case PINGREQ -> octets(((PingReq) message).clientId());
      case DISCONNECT -> ((Disconnect) message).durationSeconds() == 0 ? 0 : 2;
      case WILLTOPICUPD -> willTopicOctets(((WillTopicUpd) message).willTopic());
      case WILLMSGUPD -> ((WillMsgUpd) message).willMsg().size();
      case ADVERTISE,
          SEARCHGW,
          CONNACK,
          WILLTOPICREQ,
          WILLMSGREQ,
          REGACK,
          PUBACK,
          PUBCOMP,
          PUBREC,
          PUBREL,
          SUBACK,
          UNSUBACK,
          PINGRESP,
          WILLTOPICRESP,
          WILLMSGRESP ->
          0;
    };
  }

  private static void fields(Message message, ByteBuf out) {
    switch (message.type()) {
      case ADVERTISE -> advertise((Advertise) message, out);
      case SEARCHGW -> out.writeByte(((SearchGw) message).radius());
      case GWINFO -> gwInfo((GwInfo) message, out);
      case CONNECT -> connect((Connect) message, out);
      case CONNACK -> out.writeByte(((ConnAck) message).returnCode().code());
      case WILLTOPIC -> willTopic((WillTopic) message, out);
      case WILLMSG -> ((WillMsg) message).willMsg().writeTo(out);
      case REGISTER -> register((Register) message, out);
      case REGACK -> regAck((RegAck) message, out);
      case PUBLISH -> publish((Publish) message, out);
      case PUBACK -> pubAck((PubAck) message, out);
      case PUBCOMP -> out.writeShort(((PubComp) message).msgId());
      case PUBREC -> out.writeShort(((PubRec) message).msgId());
      case PUBREL -> out.writeShort(((PubRel) message).msgId());
      case SUBSCRIBE -> subscribe((Subscribe) message, out);
      case SUBACK -> subAck((SubAck) message, out);
      case UNSUBSCRIBE -> unsubscribe((Unsubscribe) message, out);
      case UNSUBACK -> out.writeShort(((UnsubAck) message).msgId());
      case PINGREQ -> ByteBufUtil.writeUtf8(out, ((PingReq) message).clientId());
      case DISCONNECT -> disconnect((Disconnect) message, out);
      case WILLTOPICUPD -> willTopicUpd((WillTopicUpd) message, out);
      case WILLTOPICRESP -> out.writeByte(((WillTopicResp) message).returnCode().code());
      case WILLMSGUPD -> ((WillMsgUpd) message).willMsg().writeTo(out);
      case WILLMSGRESP -> out.writeByte(((WillMsgResp) message).returnCode().code());
      case WILLTOPICREQ, WILLMSGREQ, PINGRESP -> {}
    }
  }

  private static void advertise(Advertise message, ByteBuf out) {
    out.writeByte(message.gwId()).writeShort(message.durationSeconds());
  }

  private static void gwInfo(GwInfo message, ByteBuf out) {
    out.writeByte(message.gwId());
    message.gwAdd().writeTo(out);
  }

  private static void connect(Connect message, ByteBuf out) {
    out.writeByte(
        Flags.of(message.will(), Flags.WILL)
            | Flags.of(message.cleanSession(), Flags.CLEAN_SESSION));
    out.writeByte(Wire.PROTOCOL_ID).writeShort(message.durationSeconds());
    ByteBufUtil.writeUtf8(out, message.clientId());
  }

  private static void willTopic(WillTopic message, ByteBuf out) {
    if (!message.isEmpty()) {
      will(message.qos(), message.retain(), message.willTopic(), out);
    }
  }

  private static void willTopicUpd(WillTopicUpd message, ByteBuf out) {
    if (!message.isEmpty()) {
      will(message.qos(), message.retain(), message.willTopic(), out);
    }
  }

  private static void will(Qos qos, boolean retain, String willTopic, ByteBuf out) {
    out.writeByte(Flags.of(qos) | Flags.of(retain, Flags.RETAIN));
    ByteBufUtil.writeUtf8(out, willTopic);
  }

  private static void register(Register message, ByteBuf out) {
    out.writeShort(message.topicId()).writeShort(message.msgId());
    ByteBufUtil.writeUtf8(out, message.topicName());
  }

  private static void regAck(RegAck message, ByteBuf out) {
    out.writeShort(message.topicId()).writeShort(message.msgId());
    out.writeByte(message.returnCode().code());
  }

  private static void publish(Publish message, ByteBuf out) {
    PublishTopic topic = message.topic();
    out.writeByte(
        Flags.of(message.dup(), Flags.DUP)
            | Flags.of(message.qos())
            | Flags.of(message.retain(), Flags.RETAIN)
            | topicIdType(topic));
    out.writeShort(topic.topicId()).writeShort(message.msgId());
    message.data().writeTo(out);
  }

  private static void pubAck(PubAck message, ByteBuf out) {
    out.writeShort(message.topicId()).writeShort(message.msgId());
    out.writeByte(message.returnCode().code());
  }

  private static void subscribe(Subscribe message, ByteBuf out) {
    out.writeByte(
        Flags.of(message.dup(), Flags.DUP)
            | Flags.of(message.qos())
            | topicIdType(message.topic()));
    out.writeShort(message.msgId());
    topic(message.topic(), out);
  }

  private static void subAck(SubAck message, ByteBuf out) {
    out.writeByte(Flags.of(message.qos()));
    out.writeShort(message.topicId()).writeShort(message.msgId());
    out.writeByte(message.returnCode().code());
  }

  private static void unsubscribe(Unsubscribe message, ByteBuf out) {
    out.writeByte(topicIdType(message.topic())).writeShort(message.msgId());
    topic(message.topic(), out);
  }

  private static void disconnect(Disconnect message, ByteBuf out) {
    if (message.durationSeconds() != 0) {
      out.writeShort(message.durationSeconds());
    }
  }

  private static int topicIdType(PublishTopic topic) {
    if (topic instanceof NormalId) {
      return Flags.NORMAL;
    }
    return topic instanceof PredefinedId ? Flags.PREDEFINED : Flags.SHORT;
  }

  private static int topicIdType(SubscribeTopic topic) {
    if (topic instanceof Named) {
      return Flags.NORMAL;
    }
    return topic instanceof PredefinedId ? Flags.PREDEFINED : Flags.SHORT;
  }

  private static void topic(SubscribeTopic topic, ByteBuf out) {
    if (topic instanceof Named named) {
      ByteBufUtil.writeUtf8(out, named.topicName());
    } else if (topic instanceof PublishTopic twoOctets) {
      out.writeShort(twoOctets.topicId());
    }
  }

  private static int topicOctets(SubscribeTopic topic) {
    return topic instanceof Named named ? octets(named.topicName()) : 2;
  }

  /** The empty form has no octet for flags. */
  private static int willTopicOctets(String willTopic) {
    return willTopic.isEmpty() ? 0 : 1 + octets(willTopic);
  }

  private static int octets(String text) {
    return ByteBufUtil.utf8Bytes(text);
  }
}
