package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Netty's own interface.
class DatagramBufferTest {

  private static final int DATAGRAM = 100;

  private final RecvByteBufAllocator.Handle reads = new DatagramBuffer(DATAGRAM, 20).newHandle();

  /** Reads so many datagrams, and says for how many there was room. */
  private int read(int datagrams) {
    ByteBuf buffer = reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    int room = buffer.writableBytes();
    assertThat(buffer.readableBytes()).isZero();
    reads.lastBytesRead(datagrams * DATAGRAM);
    buffer.release();
    assertThat(room % DATAGRAM).isZero();
    return room / DATAGRAM;
  }

  @Test
  void hasMoreRoomAfterEachReadThatFilledIt() {
    assertThat(read(2)).isEqualTo(2);
    assertThat(read(8)).isEqualTo(8);
    assertThat(read(20)).isEqualTo(20);
    assertThat(read(20)).isEqualTo(20);
  }

  @Test
  void hasLessRoomWhenLittleComes() {
    read(2);
    read(8);
    read(20);
    assertThat(read(6)).isEqualTo(20);
    assertThat(read(5)).isEqualTo(20);
    assertThat(read(3)).isEqualTo(10);
    assertThat(read(1)).isEqualTo(10);
    assertThat(read(1)).isEqualTo(5);
    assertThat(read(1)).isEqualTo(2);
    assertThat(read(-1)).isEqualTo(2);
  }
}
