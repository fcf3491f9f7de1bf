package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGuardTest {

  private static final int MAX_PACKET_BYTES = 200;

  private final List<String> observed = new ArrayList<>();
  private EmbeddedChannel channel = guarded(false);

  private EmbeddedChannel guarded(boolean version5) {
    return new EmbeddedChannel(
        new FrameGuard(
            MAX_PACKET_BYTES,
            version5,
            new FrameGuard.Observer() {
              // As if it had passed.
              @Override
              public void pubAck(int packetIdentifier, int reasonCode) {
                observed.add("puback " + packetIdentifier + " " + reasonCode);
                channel
                    .inboundMessages()
                    .add(Unpooled.buffer().writeShort(0x4002).writeShort(packetIdentifier));
              }

              @Override
              public void readComplete() {}

              @Override
              public void skipped(int qos, int packetIdentifier) {
                observed.add("skipped " + qos + " " + packetIdentifier);
              }

              @Override
              public void speaksOnlyVersion311() {
                observed.add("3.1.1");
              }
            }));
  }

  /** A PUBLISH with a topic name of so many octets and a packet of so many octets in all. */
  private static byte[] publish(int qos, int topicBytes, int packetBytes) {
    int headerBytes = packetBytes <= 129 ? 2 : packetBytes <= 16_386 ? 3 : 4;
    ByteBuf packet = Unpooled.buffer().writeByte(0x30 | (qos << 1));
    int remaining = packetBytes - headerBytes;
    for (int i = 1; i < headerBytes; i++) {
      packet.writeByte((remaining >> (7 * (i - 1)) & 0x7F) | (i < headerBytes - 1 ? 0x80 : 0));
    }
    packet.writeShort(topicBytes).writeZero(topicBytes);
    if (qos > 0) {
      packet.writeShort(0x1234);
    }
    packet.writeZero(packetBytes - packet.readableBytes());
    return ByteBufUtil.getBytes(packet);
  }

  private void reads(byte[] octets, int... cuts) {
    int begin = 0;
    for (int cut : cuts) {
      channel.writeInbound(Unpooled.copiedBuffer(octets, begin, cut - begin));
      begin = cut;
    }
    channel.writeInbound(Unpooled.copiedBuffer(octets, begin, octets.length - begin));
  }

  private byte[] passed() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      all.writeBytes(part);
      part.release();
    }
    return ByteBufUtil.getBytes(all);
  }

  private List<String> skipped() {
    return observed.stream().filter(line -> line.startsWith("skipped")).toList();
  }

  private static byte[] joined(byte[]... packets) {
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(packets));
  }

  @Test
  void passesAPacketOfTheMaximumSizeAndSkipsOneOctetMore() {
    byte[] largest = publish(1, 3, MAX_PACKET_BYTES);

    reads(joined(largest, publish(1, 3, MAX_PACKET_BYTES + 1), largest));

    assertThat(passed()).isEqualTo(joined(largest, largest));
    assertThat(observed).containsExactly("skipped 1 4660");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void skipsAnOversizePublishOfAnyQos(int qos) {
    reads(publish(qos, 150, 70_000));

    assertThat(passed()).isEmpty();
    assertThat(observed).containsExactly("skipped " + qos + (qos == 0 ? " 0" : " 4660"));
  }

  @Test
  void findsTheSamePacketsHoweverTheOctetsAreCut() {
    byte[] small = publish(0, 5, 20);
    byte[] stream =
        joined(small, publish(2, 190, 300), new byte[] {0x40, 2, 0, 5}, publish(1, 0, 260), small);
    byte[] expected = joined(small, new byte[] {0x40, 2, 0, 5}, small);

    for (int cut = 1; cut < stream.length; cut++) {
      channel = guarded(false);
      observed.clear();
      reads(stream, cut);
      assertThat(passed()).as("cut at %d", cut).isEqualTo(expected);
      assertThat(skipped()).containsExactly("skipped 2 4660", "skipped 1 4660");
    }
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      channel = guarded(false);
      observed.clear();
      reads(stream, random.ints(random.nextInt(60), 0, stream.length).sorted().toArray());
      assertThat(passed()).isEqualTo(expected);
      assertThat(skipped()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, 40020005, puback 5 0",
    "false, 40020005 4002ffff, puback 5 0;puback 65535 0",
    "true, 4003000510 40020006, puback 5 16;puback 6 0",
    // To the decoder: other packets, incomplete ones, properties, what is not valid.
    "false, 4003000510,",
    "true, 400400051000,",
    "false, 40020005 d000,",
    "false, 50020005,",
    "false, 42020005,",
    "false, 400200,",
    "false, 40020000,",
    "false, 40020005 400200,",
  })
  void readsPlainPubAcksItself(boolean version5, String hex, @Nullable String expected) {
    channel = guarded(version5);

    reads(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));

    assertThat(String.join(";", observed)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void takesNothingInsideAPacketForAPubAck() {
    byte[] packet = publish(0, 2, 20);
    System.arraycopy(new byte[] {0x40, 2, 0, 5}, 0, packet, 16, 4);

    reads(packet, 16);

    assertThat(observed).isEmpty();
    assertThat(passed()).isEqualTo(packet);
  }

  @Test
  void keepsNothingOfAnIncompleteHeaderWhenItIsRemoved() {
    ByteBuf octets = Unpooled.copiedBuffer(new byte[] {0x30, (byte) 0x80});
    channel.writeInbound(octets);

    channel.finish();

    assertThat(octets.refCnt()).isZero();
    assertThat(passed()).isEmpty();
  }

  @Test
  void refusesAnOversizePublishWithoutTopicNameOrPacketIdentifier() {
    byte[] topicBeyondEnd = publish(1, 3, 300);
    topicBeyondEnd[3] = 0x7F;
    byte[] identifierZero = publish(1, 3, 300);
    identifierZero[8] = 0;
    identifierZero[9] = 0;

    assertThatThrownBy(() -> reads(topicBeyondEnd)).isInstanceOf(CorruptedFrameException.class);
    channel = guarded(false);
    assertThatThrownBy(() -> reads(identifierZero)).isInstanceOf(CorruptedFrameException.class);
  }

  @Test
  void noticesAConnAckOfVersion311OnlyWhereVersion5IsExpected() {
    byte[] connAck = {0x20, 2, 0, 1};
    reads(connAck);
    assertThat(observed).isEmpty();

    channel = guarded(true);
    reads(connAck, 1);
    assertThat(observed).containsExactly("3.1.1");
  }
}
