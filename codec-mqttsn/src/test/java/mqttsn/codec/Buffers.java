package mqttsn.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Datagrams in buffers in which reading too far does not go unnoticed. */
final class Buffers {

  private Buffers() {}

  /** A buffer that ends where the datagram ends: reading on throws. */
  static ByteBuf exact(Octets datagram) {
    return Unpooled.wrappedBuffer(datagram.toByteArray());
  }

  /** A buffer with {@code poison} before and after the readable octets. */
  static ByteBuf poisoned(Octets datagram, int poison) {
    int margin = 300;
    ByteBuf buffer = Unpooled.directBuffer(datagram.size() + 2 * margin);
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.setByte(i, poison);
    }
    buffer.setIndex(margin, margin);
    datagram.writeTo(buffer);
    return buffer;
  }

  static Octets written(ByteBuf buffer) {
    return Octets.copyOf(buffer, buffer.readerIndex(), buffer.readableBytes());
  }

  static Octets encoded(Message message) {
    ByteBuf out = Unpooled.buffer();
    Encoder.encode(message, out);
    return written(out);
  }
}
