package mqttsn.gateway.broker.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The last short-header datagrams sent, bounded in number and octets, to be sent again on a new
 * path.
 *
 * <p>Long-header packets are never kept: a repeated Initial makes some brokers open a second
 * connection and kill the first. Repeated short-header packets are dropped as duplicates by every
 * broker that has seen them; the first one that it has not seen shows it the new path.
 */
final class ReplayRing {

  private static final int LONG_HEADER = 0x80;

  private final int maxDatagrams;
  private final int maxBytes;
  private final ArrayDeque<byte[]> datagrams = new ArrayDeque<>();
  private int bytes;

  ReplayRing(int maxDatagrams, int maxBytes) {
    this.maxDatagrams = maxDatagrams;
    this.maxBytes = maxBytes;
  }

  /** Keeps a copy of the readable octets, unless the packet has a long header or is too large. */
  void keep(ByteBuf datagram) {
    int size = datagram.readableBytes();
    boolean longHeader = (datagram.getByte(datagram.readerIndex()) & LONG_HEADER) != 0;
    if (longHeader || size > maxBytes || maxDatagrams == 0) {
      return;
    }
    while (datagrams.size() == maxDatagrams || bytes + size > maxBytes) {
      bytes -= datagrams.remove().length;
    }
    datagrams.add(ByteBufUtil.getBytes(datagram));
    bytes += size;
  }

  /** The oldest first. */
  void forEach(Consumer<byte[]> action) {
    datagrams.forEach(action);
  }

  int size() {
    return datagrams.size();
  }

  int bytes() {
    return bytes;
  }
}
