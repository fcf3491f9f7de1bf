package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OctetBatchTest {

  private final StallingChannel channel = new StallingChannel();
  private final OctetBatch batch = new OctetBatch(channel.pipeline().firstContext());

  private void write(int octets) {
    ByteBuf room = batch.reserve(octets);
    assertThat(room.writableBytes()).isGreaterThanOrEqualTo(octets);
    room.writeZero(octets);
  }

  /** The length of the next buffer that left; null for none. */
  private @Nullable Integer sent() {
    ByteBuf buffer = channel.readOutbound();
    if (buffer == null) {
      return null;
    }
    int octets = buffer.readableBytes();
    buffer.release();
    return octets;
  }

  @Test
  void firstPacketOfATurnHasABufferOfItsSize() {
    assertThat(batch.reserve(10).capacity()).isEqualTo(10);
    batch.drop();
  }

  @Test
  void othersShareOne() {
    write(10);
    write(20);
    write(30);
    batch.flush();

    assertThat(sent()).isEqualTo(10);
    assertThat(sent()).isEqualTo(50);
    assertThat(sent()).isNull();
  }

  @Test
  void packetThatFitsNoMoreBeginsAnother() {
    write(10);
    write(4_000);
    write(100);
    write(10_000);
    batch.flush();

    assertThat(sent()).isEqualTo(10);
    assertThat(sent()).isEqualTo(4_000);
    assertThat(sent()).isEqualTo(100);
    assertThat(sent()).isEqualTo(10_000);
    assertThat(sent()).isNull();
  }

  @Test
  void eachTurnBeginsAnew() {
    write(10);
    batch.flush();
    write(20);
    batch.flush();

    assertThat(sent()).isEqualTo(10);
    assertThat(sent()).isEqualTo(20);
  }

  @Test
  void whileTheBrokerTakesNothingEachPacketHasABufferOfItsSize() {
    channel.isStalled = true;
    write(10);
    batch.flush();

    write(20);
    ByteBuf room = batch.reserve(30);
    assertThat(room.capacity()).isEqualTo(30);
    room.writeZero(30);
    assertThat(batch.reserve(40).capacity()).isEqualTo(40);
    batch.drop();
  }

  @Test
  void packetsShareABufferAgainWhenTheBrokerTakesThem() {
    channel.isStalled = true;
    write(10);
    batch.flush();
    channel.isStalled = false;
    channel.flush();

    write(20);
    write(30);
    write(40);
    batch.flush();

    assertThat(sent()).isEqualTo(10);
    assertThat(sent()).isEqualTo(20);
    assertThat(sent()).isEqualTo(70);
  }

  @Test
  void nothingLeavesBeforeTheFlush() {
    write(10);
    batch.write();
    assertThat(sent()).isNull();
  }

  @Test
  void whatIsDroppedIsReleased() {
    ByteBuf room = batch.reserve(10);
    batch.drop();
    batch.flush();

    assertThat(room.refCnt()).isZero();
    assertThat(sent()).isNull();
  }

  /** Takes nothing that it was sent while it is told to. */
  private static final class StallingChannel extends EmbeddedChannel {

    private boolean isStalled;

    StallingChannel() {
      super(new ChannelInboundHandlerAdapter());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
      if (!isStalled) {
        super.doWrite(in);
      }
    }
  }
}
