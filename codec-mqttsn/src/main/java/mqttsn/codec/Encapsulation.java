package mqttsn.codec;

import io.netty.buffer.ByteBuf;

/**
 * The header of forwarder encapsulation (§5.5): Length, MsgType 0xFE, Ctrl, Wireless Node Id. Its
 * Length ends with the node id; the message follows with a Length of its own. A forwarder needs
 * only this class: it never looks into messages.
 *
 * @param radius how far a forwarder is to broadcast the message, 0 to 3; from a forwarder 0
 * @param nodeId names a node to its forwarder, at most 252 octets, opaque to the gateway
 */
public record Encapsulation(int radius, Octets nodeId) implements Unwrapped {

  static final int TYPE_CODE = 0xFE;

  /** Length, MsgType and Ctrl. */
  private static final int FIXED_OCTETS = 3;

  private static final int MAX_RADIUS = 0b11;
  private static final int MAX_NODE_ID_OCTETS = Wire.MAX_SHORT_LENGTH - FIXED_OCTETS;

  public Encapsulation {
    if (radius < 0 || radius > MAX_RADIUS) {
      throw new IllegalArgumentException("radius is " + radius + ", expected 0 to 3");
    }
    if (nodeId.size() > MAX_NODE_ID_OCTETS) {
      throw new IllegalArgumentException(
          "nodeId has " + nodeId.size() + " octets, expected at most " + MAX_NODE_ID_OCTETS);
    }
  }

  /**
   * Takes the header off a datagram: on success the readable octets are the message, still encoded
   * and unchecked. A datagram that is no encapsulation is rejected and left as it was.
   */
  public static Unwrapped unwrap(ByteBuf datagram) {
    int start = datagram.readerIndex();
    int octets = datagram.readableBytes();
    if (octets < 2) {
      return Reject.SHORT;
    }
    if (datagram.getUnsignedByte(start + 1) != TYPE_CODE || !isHeader(datagram, start, octets)) {
      return Reject.ENCAPSULATION;
    }
    Encapsulation header = read(datagram, start);
    datagram.skipBytes(header.length());
    return header;
  }

  /** Appends this header and the readable octets of a message, whose indices stay. */
  public void wrap(ByteBuf message, ByteBuf out) {
    writeTo(out);
    out.writeBytes(message, message.readerIndex(), message.readableBytes());
  }

  /** Appends this header; the message has to follow. */
  public void writeTo(ByteBuf out) {
    out.writeByte(length());
    out.writeByte(TYPE_CODE);
    out.writeByte(radius);
    nodeId.writeTo(out);
  }

  /** Octets of this header, 3 to 255. */
  public int length() {
    return FIXED_OCTETS + nodeId.size();
  }

  /** Whether a Length that fits stands before the 0xFE; the header may not fill the datagram. */
  static boolean isHeader(ByteBuf datagram, int start, int octets) {
    int length = datagram.getUnsignedByte(start);
    return length >= FIXED_OCTETS && length < octets;
  }

  /** The header at {@code start}, once {@link #isHeader} said that there is one. */
  static Encapsulation read(ByteBuf datagram, int start) {
    int length = datagram.getUnsignedByte(start);
    // Bits 7 to 2 of Ctrl are reserved: not looked at.
    int radius = datagram.getByte(start + 2) & MAX_RADIUS;
    return new Encapsulation(
        radius, Octets.copyOf(datagram, start + FIXED_OCTETS, length - FIXED_OCTETS));
  }
}
