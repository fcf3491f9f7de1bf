package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.daemon.net.ReceiveBuffer;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.testing.AllocatedBytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The frequent packets of the relay path make no garbage between the core's words and the octets.
 */
class PlainPacketsBudgetTest {

  private static final int WARM_UP = 1_000;
  private static final int MEASURED = 2_000;

  private final ByteBufAllocator alloc = new UnpooledByteBufAllocator(true, true);
  private final BrokerCommand publish = publish(null);
  private final BrokerCommand publishOfShared = publish(new BrokerCommand.Origin("client", 12_345));
  private final BrokerCommand acknowledgement = new BrokerCommand.PubRec(5);
  private final ByteBuf octets = Unpooled.directBuffer(1_000);
  private final FrequentPackets.Room room = size -> octets.clear();
  private final ByteBuf pubAcks = Unpooled.directBuffer().writeInt(0x40020005).writeInt(0x40020006);
  private final PlainPubAcks.Listener adder =
      (packetIdentifier, reasonCode) -> add(packetIdentifier);
  private long sum;

  @Test
  void packetsAreTheirOctetsAlone() {
    assertThat(bytesPerRound(() -> write(publish))).isZero();
    assertThat(bytesPerRound(() -> write(publishOfShared))).isZero();
    assertThat(bytesPerRound(() -> write(acknowledgement))).isZero();
  }

  private static BrokerCommand publish(BrokerCommand.@Nullable Origin origin) {
    Octets payload = Octets.utf8("x".repeat(64));
    return new BrokerCommand.Publish(5, "a/b", payload, Qos.ONE, false, false, origin);
  }

  private void write(BrokerCommand command) {
    FrequentPackets.write(command, true, room);
    sum += octets.readableBytes();
  }

  @Test
  void pubAcksAreReadWhereTheyStand() {
    assertThat(bytesPerRound(this::readPubAcks)).isZero();
    assertThat(sum).isEqualTo((5L + 6L) * (WARM_UP + MEASURED));
  }

  private void readPubAcks() {
    pubAcks.readerIndex(0);
    if (PlainPubAcks.areAll(pubAcks, true)) {
      PlainPubAcks.read(pubAcks, adder);
    }
  }

  private void add(int packetIdentifier) {
    sum += packetIdentifier;
  }

  @Test
  @SuppressWarnings("deprecation") // Netty's own interface.
  void readsShareABuffer() {
    RecvByteBufAllocator.Handle reads = new ReceiveBuffer(1024, 1).newHandle();
    assertThat(bytesPerRound(() -> reads.allocate(alloc).release())).isZero();
  }

  private static long bytesPerRound(Runnable round) {
    return AllocatedBytes.perRound(WARM_UP, MEASURED, round);
  }
}
