package mqttsn.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The buffer of a socket that reads many datagrams at a time. It has room for not many more than
 * came the last time: Netty prepares for each of them, whether it comes or not.
 */
final class DatagramBuffer extends ReceiveBuffer {

  private static final int LEAST_DATAGRAMS = 2;

  private final int maxDatagramBytes;
  private final int mostDatagrams;

  /**
   * @param maxDatagramBytes room of one datagram
   * @param mostDatagrams of a read
   */
  DatagramBuffer(int maxDatagramBytes, int mostDatagrams) {
    super(maxDatagramBytes * mostDatagrams, 1);
    this.maxDatagramBytes = maxDatagramBytes;
    this.mostDatagrams = mostDatagrams;
  }

  @Override
  @SuppressWarnings("deprecation") // The interface speaks of a deprecated one.
  public RecvByteBufAllocator.Handle newHandle() {
    return new MaxMessageHandle() {
      private int datagrams = LEAST_DATAGRAMS;

      @Override
      public int guess() {
        return datagrams * maxDatagramBytes;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator others) {
        ByteBuf buffer = free(others);
        int begin = buffer.capacity() - guess();
        return buffer.setIndex(begin, begin);
      }

      @Override
      public void lastBytesRead(int bytes) {
        super.lastBytesRead(bytes);
        if (bytes >= guess()) {
          datagrams = Math.min(4 * datagrams, mostDatagrams);
        } else if (bytes <= guess() / 4) {
          datagrams = Math.max(datagrams / 2, LEAST_DATAGRAMS);
        }
      }
    };
  }
}
