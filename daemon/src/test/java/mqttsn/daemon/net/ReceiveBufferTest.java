package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Netty's own interface.
class ReceiveBufferTest {

  private static final int BYTES = 100;

  private final ReceiveBuffer buffers = new ReceiveBuffer(BYTES, 1);
  private final RecvByteBufAllocator.Handle channel = buffers.newHandle();
  private final RecvByteBufAllocator.Handle otherChannel = buffers.newHandle();

  private static ByteBuf read(RecvByteBufAllocator.Handle handle) {
    return handle.allocate(UnpooledByteBufAllocator.DEFAULT);
  }

  @Test
  void isOneForAllChannels() {
    ByteBuf first = read(channel);
    first.writeLong(1).readInt();
    first.release();

    ByteBuf second = read(otherChannel);

    assertThat(second).isSameAs(first);
    assertThat(second.readerIndex()).isZero();
    assertThat(second.writableBytes()).isEqualTo(BYTES);
    assertThat(second.isDirect()).isTrue();
  }

  @Test
  void isNotTouchedWhileSomebodyKeepsAPartOfIt() {
    ByteBuf first = read(channel);
    ByteBuf kept = first.writeInt(42).retainedSlice();
    first.release();

    ByteBuf second = read(channel);
    second.writeInt(7);

    assertThat(second).isNotSameAs(first);
    assertThat(second.capacity()).isEqualTo(BYTES);
    assertThat(kept.readInt()).isEqualTo(42);
    kept.release();
    second.release();
    assertThat(read(channel)).isSameAs(first);
  }
}
