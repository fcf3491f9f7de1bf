package mqttsn.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to messages (§5.2 to §5.5), the mirror image of {@link Encoder}. Any octets at all
 * decode to something and never to an exception. Nothing is read or allocated beyond the readable
 * octets, whose indices stay where they are. Stateless, safe from any thread.
 */
public final class Decoder {

  private Decoder() {}

  /** Decodes what a gateway received: a message of a client, a forwarder or another gateway. */
  public static Decoded toGateway(ByteBuf datagram) {
    return datagram(datagram, true);
  }

  /** Decodes what a client received, or what a gateway sent to a forwarder. */
  public static Decoded toClient(ByteBuf datagram) {
    return datagram(datagram, false);
  }

  private static Decoded datagram(ByteBuf in, boolean toGateway) {
    int start = in.readerIndex();
    int octets = in.readableBytes();
    // 01 FE is the beginning of a long Length, not an encapsulation.
    if (octets < 2
        || in.getUnsignedByte(start) == Wire.LONG_LENGTH_MARKER
        || in.getUnsignedByte(start + 1) != Encapsulation.TYPE_CODE) {
      return message(in, start, octets, toGateway);
    }
    if (!Encapsulation.isHeader(in, start, octets)) {
      return Reject.ENCAPSULATION;
    }
    int header = in.getUnsignedByte(start);
    Decoded message = message(in, start + header, octets - header, toGateway);
    if (message == Reject.ENCAPSULATION) {
      return Reject.NESTED_ENCAPSULATION;
    }
    return message instanceof Legible legible
        ? new Encapsulated(Encapsulation.read(in, start), legible)
        : message;
  }

  private static Decoded message(ByteBuf in, int start, int octets, boolean toGateway) {
    if (octets < 2) {
      return Reject.SHORT;
    }
    int length = in.getUnsignedByte(start);
    int lengthOctets = Wire.SHORT_LENGTH_OCTETS;
    if (length == Wire.LONG_LENGTH_MARKER) {
      if (octets <= Wire.LONG_LENGTH_OCTETS) {
        return Reject.SHORT;
      }
      length = in.getUnsignedShort(start + 1);
      lengthOctets = Wire.LONG_LENGTH_OCTETS;
    }
    if (length <= lengthOctets) {
      return Reject.LENGTH_TOO_SMALL;
    }
    int code = in.getUnsignedByte(start + lengthOctets);
    // The Length of an encapsulation is one octet and covers its header alone (§5.5).
    if (code == Encapsulation.TYPE_CODE) {
      return Reject.ENCAPSULATION;
    }
    if (length != octets) {
      return length > octets ? Reject.TRUNCATED : Reject.TRAILING;
    }
    MessageType type = MessageType.fromCode(code);
    if (type == null) {
      return Reject.RESERVED_TYPE;
    }
    if (toGateway ? !type.isToGateway() : !type.isToClient()) {
      return Reject.WRONG_DIRECTION;
    }
    int at = start + lengthOctets + 1;
    int end = start + length;
    int fields = end - at;
    if (fields < type.fixedOctets()) {
      return Reject.FIELDS_MISSING;
    }
    if (fields > type.fixedOctets() && !type.hasTail()) {
      return Reject.FIELDS_TOO_LONG;
    }
    return fields(type, in, at, end, toGateway);
  }

  /** The fields between {@code at} and {@code end}; the fixed ones of the type are all there. */
  private static Decoded fields(MessageType type, ByteBuf in, int at, int end, boolean toGateway) {
    return switch (type) {
      case ADVERTISE -> new Advertise(in.getUnsignedByte(at), in.getUnsignedShort(at + 1));
      case SEARCHGW -> new SearchGw(in.getUnsignedByte(at));
      case GWINFO -> new GwInfo(in.getUnsignedByte(at), octets(in, at + 1, end));
      case CONNECT -> connect(in, at, end);
      case CONNACK -> new ConnAck(returnCode(in, at));
      case WILLTOPICREQ -> new WillTopicReq();
      case WILLTOPIC -> willTopic(in, at, end);
      case WILLMSGREQ -> new WillMsgReq();
      case WILLMSG -> new WillMsg(octets(in, at, end));
      case REGISTER -> register(in, at, end);
      case REGACK ->
          new RegAck(in.getUnsignedShort(at), in.getUnsignedShort(at + 2), returnCode(in, at + 4));
      case PUBLISH -> publish(in, at, end, toGateway);
      case PUBACK ->
          new PubAck(in.getUnsignedShort(at), in.getUnsignedShort(at + 2), returnCode(in, at + 4));
      case PUBCOMP -> new PubComp(in.getUnsignedShort(at));
      case PUBREC -> new PubRec(in.getUnsignedShort(at));
      case PUBREL -> new PubRel(in.getUnsignedShort(at));
      case SUBSCRIBE -> subscribe(in, at, end);
      case SUBACK -> subAck(in, at);
      case UNSUBSCRIBE -> unsubscribe(in, at, end);
      case UNSUBACK -> new UnsubAck(in.getUnsignedShort(at));
      case PINGREQ -> pingReq(in, at, end);
      case PINGRESP -> new PingResp();
      case DISCONNECT -> disconnect(in, at, end);
      case WILLTOPICUPD -> willTopicUpd(in, at, end);
      case WILLTOPICRESP -> new WillTopicResp(returnCode(in, at));
      case WILLMSGUPD -> new WillMsgUpd(octets(in, at, end));
      case WILLMSGRESP -> new WillMsgResp(returnCode(in, at));
    };
  }

  private static Decoded connect(ByteBuf in, int at, int end) {
    int flags = in.getByte(at);
    // SI-10: another version gets an answer, but nothing else of its CONNECT is understood.
    if (in.getUnsignedByte(at + 1) != Wire.PROTOCOL_ID) {
      return new Unusable(MessageType.CONNECT, 0, 0, Reject.PROTOCOL_ID);
    }
    if (!Utf8.isValid(in, at + 4, end)) {
      return new Unusable(MessageType.CONNECT, 0, 0, Reject.INVALID_STRING);
    }
    return new Connect(
        Flags.has(flags, Flags.WILL),
        Flags.has(flags, Flags.CLEAN_SESSION),
        in.getUnsignedShort(at + 2),
        string(in, at + 4, end));
  }

  private static Decoded willTopic(ByteBuf in, int at, int end) {
    if (at == end) {
      return WillTopic.EMPTY;
    }
    int flags = in.getByte(at);
    Reject reason = unusableWillTopic(flags, in, at + 1, end);
    return reason != null
        ? new Unusable(MessageType.WILLTOPIC, 0, 0, reason)
        : new WillTopic(Flags.qos(flags), Flags.has(flags, Flags.RETAIN), string(in, at + 1, end));
  }

  private static Decoded willTopicUpd(ByteBuf in, int at, int end) {
    if (at == end) {
      return WillTopicUpd.EMPTY;
    }
    int flags = in.getByte(at);
    Reject reason = unusableWillTopic(flags, in, at + 1, end);
    return reason != null
        ? new Unusable(MessageType.WILLTOPICUPD, 0, 0, reason)
        : new WillTopicUpd(
            Flags.qos(flags), Flags.has(flags, Flags.RETAIN), string(in, at + 1, end));
  }

  private static @Nullable Reject unusableWillTopic(int flags, ByteBuf in, int at, int end) {
    if (Flags.qos(flags) == Qos.MINUS_ONE) {
      return Reject.RESERVED_QOS;
    }
    return unusableName(in, at, end);
  }

  private static Decoded register(ByteBuf in, int at, int end) {
    int msgId = in.getUnsignedShort(at + 2);
    Reject reason = unusableName(in, at + 4, end);
    return reason != null
        ? new Unusable(MessageType.REGISTER, 0, msgId, reason)
        : new Register(in.getUnsignedShort(at), msgId, string(in, at + 4, end));
  }

  private static Decoded publish(ByteBuf in, int at, int end, boolean toGateway) {
    int flags = in.getByte(at);
    int topicId = in.getUnsignedShort(at + 1);
    int msgId = in.getUnsignedShort(at + 3);
    Qos qos = Flags.qos(flags);
    if (qos == Qos.MINUS_ONE && !toGateway) {
      return Reject.WRONG_DIRECTION;
    }
    Reject reason = unusablePublishTopic(qos, flags, in, at + 1);
    if (reason != null) {
      // A PUBLISH with QoS -1 is never answered (§6.8, SI-17).
      return qos == Qos.MINUS_ONE
          ? reason
          : new Unusable(MessageType.PUBLISH, topicId, msgId, reason);
    }
    PublishTopic topic =
        switch (flags & Flags.TOPIC_ID_TYPE_MASK) {
          case Flags.PREDEFINED -> new PredefinedId(topicId);
          case Flags.SHORT -> new ShortName(string(in, at + 1, at + 3));
          default -> new NormalId(topicId);
        };
    return new Publish(
        Flags.has(flags, Flags.DUP),
        qos,
        Flags.has(flags, Flags.RETAIN),
        topic,
        msgId,
        octets(in, at + 5, end));
  }

  private static @Nullable Reject unusablePublishTopic(
      Qos qos, int flags, ByteBuf in, int topicAt) {
    return switch (flags & Flags.TOPIC_ID_TYPE_MASK) {
      case Flags.NORMAL -> qos == Qos.MINUS_ONE ? Reject.QOS_MINUS_ONE_NORMAL_ID : null;
      case Flags.PREDEFINED -> null;
      case Flags.SHORT -> unusableName(in, topicAt, topicAt + 2);
      default -> Reject.RESERVED_TOPIC_ID_TYPE;
    };
  }

  private static Decoded subscribe(ByteBuf in, int at, int end) {
    int flags = in.getByte(at);
    int msgId = in.getUnsignedShort(at + 1);
    Qos qos = Flags.qos(flags);
    Reject reason =
        qos == Qos.MINUS_ONE ? Reject.RESERVED_QOS : unusableTopic(flags, in, at + 3, end);
    return reason != null
        ? new Unusable(MessageType.SUBSCRIBE, 0, msgId, reason)
        : new Subscribe(
            Flags.has(flags, Flags.DUP), qos, msgId, subscribeTopic(flags, in, at + 3, end));
  }

  private static Decoded unsubscribe(ByteBuf in, int at, int end) {
    int flags = in.getByte(at);
    Reject reason = unusableTopic(flags, in, at + 3, end);
    // UNSUBACK has no ReturnCode, so no negative answer exists.
    return reason != null
        ? reason
        : new Unsubscribe(in.getUnsignedShort(at + 1), subscribeTopic(flags, in, at + 3, end));
  }

  private static Decoded subAck(ByteBuf in, int at) {
    Qos qos = Flags.qos(in.getByte(at));
    return qos == Qos.MINUS_ONE
        ? Reject.RESERVED_QOS
        : new SubAck(
            qos, in.getUnsignedShort(at + 1), in.getUnsignedShort(at + 3), returnCode(in, at + 5));
  }

  private static Decoded pingReq(ByteBuf in, int at, int end) {
    return Utf8.isValid(in, at, end) ? new PingReq(string(in, at, end)) : Reject.INVALID_STRING;
  }

  private static Decoded disconnect(ByteBuf in, int at, int end) {
    return switch (end - at) {
      case 0 -> new Disconnect(0);
      case 1 -> Reject.FIELDS_MISSING;
      case 2 -> new Disconnect(in.getUnsignedShort(at));
      default -> Reject.FIELDS_TOO_LONG;
    };
  }

  private static @Nullable Reject unusableTopic(int flags, ByteBuf in, int at, int end) {
    return switch (flags & Flags.TOPIC_ID_TYPE_MASK) {
      case Flags.NORMAL -> unusableName(in, at, end);
      case Flags.PREDEFINED -> end - at == 2 ? null : Reject.TOPIC_LENGTH;
      case Flags.SHORT -> end - at == 2 ? unusableName(in, at, end) : Reject.TOPIC_LENGTH;
      default -> Reject.RESERVED_TOPIC_ID_TYPE;
    };
  }

  /** The topic that {@link #unusableTopic} found nothing wrong with. */
  private static SubscribeTopic subscribeTopic(int flags, ByteBuf in, int at, int end) {
    return switch (flags & Flags.TOPIC_ID_TYPE_MASK) {
      case Flags.PREDEFINED -> new PredefinedId(in.getUnsignedShort(at));
      case Flags.SHORT -> new ShortName(string(in, at, end));
      default -> new Named(string(in, at, end));
    };
  }

  private static @Nullable Reject unusableName(ByteBuf in, int at, int end) {
    if (at == end) {
      return Reject.TOPIC_MISSING;
    }
    return Utf8.isValid(in, at, end) ? null : Reject.INVALID_STRING;
  }

  private static ReturnCode returnCode(ByteBuf in, int at) {
    return ReturnCode.fromCode(in.getUnsignedByte(at));
  }

  private static Octets octets(ByteBuf in, int at, int end) {
    return Octets.copyOf(in, at, end - at);
  }

  private static String string(ByteBuf in, int at, int end) {
    return in.toString(at, end - at, StandardCharsets.UTF_8);
  }
}
