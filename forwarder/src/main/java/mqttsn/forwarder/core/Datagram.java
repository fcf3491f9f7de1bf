package mqttsn.forwarder.core;

import io.netty.buffer.ByteBuf;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.MessageType;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * A datagram as far as a forwarder looks into it: the header of encapsulation if it has one, and a
 * message that is passed on octet for octet.
 */
public record Datagram(@Nullable Encapsulation header, Octets message) implements Seen {

  /** The longest header of encapsulation. */
  public static final int MAX_HEADER_OCTETS = 255;

  private static final int ENCAPSULATED = 0xFE;
  private static final int LONG_LENGTH_MARKER = 0x01;
  private static final int LONG_LENGTH_OCTETS = 3;

  /** A message to or from a node that is not behind another forwarder. */
  static Datagram bare(Octets message) {
    return new Datagram(null, message);
  }

  /** Takes a datagram apart, or says why it goes no further. */
  static Seen read(Octets datagram) {
    if (datagram.size() < 2) {
      return Drop.MALFORMED;
    }
    Datagram seen = bare(datagram);
    if (typeCode(datagram) == ENCAPSULATED && !isLong(datagram)) {
      ByteBuf rest = datagram.toByteBuf();
      if (!(Encapsulation.unwrap(rest) instanceof Encapsulation header)) {
        return Drop.MALFORMED;
      }
      seen = new Datagram(header, Octets.copyOf(rest, rest.readerIndex(), rest.readableBytes()));
    }
    Drop fault = seen.fault();
    return fault == null ? seen : fault;
  }

  /** Length on the wire. */
  public int octets() {
    return (header == null ? 0 : header.length()) + message.size();
  }

  /** Appends the datagram as it goes on the wire. */
  public void writeTo(ByteBuf out) {
    if (header != null) {
      header.writeTo(out);
    }
    message.writeTo(out);
  }

  /** The only messages that are broadcast by a gateway (§6.1). */
  boolean isFromDiscovery() {
    return is(MessageType.ADVERTISE) || is(MessageType.GWINFO);
  }

  boolean is(MessageType type) {
    return typeCode(message) == type.code();
  }

  /** What keeps the message from being one, as far as its Length and MsgType tell. */
  private @Nullable Drop fault() {
    if (message.size() < 2 || length() != message.size()) {
      return Drop.MALFORMED;
    }
    int type = typeCode(message);
    if (type == ENCAPSULATED) {
      // Whoever encapsulates replaces the header of the one before (§5.5 knows no nesting).
      return header == null ? Drop.MALFORMED : Drop.NESTED;
    }
    return type < 0 ? Drop.MALFORMED : null;
  }

  /** The Length field (§5.2.1), which counts itself. */
  private int length() {
    if (!isLong(message)) {
      return message.at(0) & 0xFF;
    }
    return message.size() <= LONG_LENGTH_OCTETS
        ? 0
        : ((message.at(1) & 0xFF) << 8) | (message.at(2) & 0xFF);
  }

  /** The MsgType octet, -1 if the message ends before it. */
  private static int typeCode(Octets message) {
    int position = isLong(message) ? LONG_LENGTH_OCTETS : 1;
    return position < message.size() ? message.at(position) & 0xFF : -1;
  }

  private static boolean isLong(Octets message) {
    return message.at(0) == LONG_LENGTH_MARKER;
  }
}
