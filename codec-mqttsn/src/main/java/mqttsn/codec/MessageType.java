package mqttsn.codec;

import org.jspecify.annotations.Nullable;

/**
 * MsgType (§5.2.2): the code, who may receive it, and how many octets follow it. The type of an
 * encapsulated message, 0xFE, is not here: see {@link Encapsulation}.
 */
public enum MessageType {
  ADVERTISE(0x00, Receiver.BOTH, 3, Tail.NONE),
  SEARCHGW(0x01, Receiver.BOTH, 1, Tail.NONE),
  GWINFO(0x02, Receiver.BOTH, 1, Tail.OPEN),
  CONNECT(0x04, Receiver.GATEWAY, 4, Tail.OPEN),
  CONNACK(0x05, Receiver.CLIENT, 1, Tail.NONE),
  WILLTOPICREQ(0x06, Receiver.CLIENT, 0, Tail.NONE),
  WILLTOPIC(0x07, Receiver.GATEWAY, 0, Tail.OPEN),
  WILLMSGREQ(0x08, Receiver.CLIENT, 0, Tail.NONE),
  WILLMSG(0x09, Receiver.GATEWAY, 0, Tail.OPEN),
  REGISTER(0x0A, Receiver.BOTH, 4, Tail.OPEN),
  REGACK(0x0B, Receiver.BOTH, 5, Tail.NONE),
  PUBLISH(0x0C, Receiver.BOTH, 5, Tail.OPEN),
  PUBACK(0x0D, Receiver.BOTH, 5, Tail.NONE),
  PUBCOMP(0x0E, Receiver.BOTH, 2, Tail.NONE),
  PUBREC(0x0F, Receiver.BOTH, 2, Tail.NONE),
  PUBREL(0x10, Receiver.BOTH, 2, Tail.NONE),
  SUBSCRIBE(0x12, Receiver.GATEWAY, 3, Tail.OPEN),
  SUBACK(0x13, Receiver.CLIENT, 6, Tail.NONE),
  UNSUBSCRIBE(0x14, Receiver.GATEWAY, 3, Tail.OPEN),
  UNSUBACK(0x15, Receiver.CLIENT, 2, Tail.NONE),
  PINGREQ(0x16, Receiver.BOTH, 0, Tail.OPEN),
  PINGRESP(0x17, Receiver.BOTH, 0, Tail.NONE),
  DISCONNECT(0x18, Receiver.BOTH, 0, Tail.OPEN),
  WILLTOPICUPD(0x1A, Receiver.GATEWAY, 0, Tail.OPEN),
  WILLTOPICRESP(0x1B, Receiver.CLIENT, 1, Tail.NONE),
  WILLMSGUPD(0x1C, Receiver.GATEWAY, 0, Tail.OPEN),
  WILLMSGRESP(0x1D, Receiver.CLIENT, 1, Tail.NONE);

  private enum Receiver {
    GATEWAY,
    CLIENT,
    BOTH
  }

  private enum Tail {
    NONE,
    OPEN
  }

  private static final @Nullable MessageType[] BY_CODE = new @Nullable MessageType[256];

  static {
    for (MessageType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final Receiver receiver;
  private final int fixedOctets;
  private final Tail tail;

  MessageType(int code, Receiver receiver, int fixedOctets, Tail tail) {
    this.code = code;
    this.receiver = receiver;
    this.fixedOctets = fixedOctets;
    this.tail = tail;
  }

  /** The MsgType octet, 0x00 to 0x1D. */
  public int code() {
    return code;
  }

  /** The type with this MsgType octet (0 to 255), null if the code is reserved. */
  public static @Nullable MessageType fromCode(int code) {
    return BY_CODE[code];
  }

  public boolean isToGateway() {
    return receiver != Receiver.CLIENT;
  }

  public boolean isToClient() {
    return receiver != Receiver.GATEWAY;
  }

  /** Octets between MsgType and the field that runs to the end of the message, if it has one. */
  int fixedOctets() {
    return fixedOctets;
  }

  /** Whether a field of any length follows the fixed octets. */
  boolean hasTail() {
    return tail == Tail.OPEN;
  }

  /** The most octets that fit between the fixed octets and the greatest Length, 65535. */
  int maxTailOctets() {
    return Wire.MAX_LENGTH - Wire.LONG_LENGTH_OCTETS - 1 - fixedOctets;
  }
}
