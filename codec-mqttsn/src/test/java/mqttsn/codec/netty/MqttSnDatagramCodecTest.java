package mqttsn.codec.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Decoded;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.Reject;
import mqttsn.codec.ReturnCode;
import org.junit.jupiter.api.Test;

class MqttSnDatagramCodecTest {

  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000);
  private static final InetSocketAddress GATEWAY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1884);

  private final EmbeddedChannel gateway = new EmbeddedChannel(MqttSnDatagramCodec.forGateway());
  private final EmbeddedChannel client = new EmbeddedChannel(MqttSnDatagramCodec.forClient());

  @Test
  void datagramsArriveAsEnvelopesAndAreReleased() {
    DatagramPacket packet = packet("0216", GATEWAY, CLIENT);
    gateway.writeInbound(packet);

    AddressedEnvelope<Decoded, InetSocketAddress> received = gateway.readInbound();
    assertThat(received.content()).isEqualTo(new PingReq(""));
    assertThat(received.sender()).isEqualTo(CLIENT);
    assertThat(received.recipient()).isEqualTo(GATEWAY);
    assertThat(packet.refCnt()).isZero();
  }

  @Test
  void eachSideDecodesItsOwnDirection() {
    gateway.writeInbound(packet("030500", GATEWAY, CLIENT));
    client.writeInbound(packet("030500", CLIENT, GATEWAY));

    assertThat(received(gateway)).isEqualTo(Reject.WRONG_DIRECTION);
    assertThat(received(client)).isEqualTo(new ConnAck(ReturnCode.ACCEPTED));
  }

  @Test
  void messagesLeaveAsDatagrams() {
    gateway.writeOutbound(
        new DefaultAddressedEnvelope<>(new ConnAck(ReturnCode.CONGESTION), CLIENT));

    DatagramPacket sent = gateway.readOutbound();
    assertThat(ByteBufUtil.hexDump(sent.content())).isEqualTo("030501");
    assertThat(sent.recipient()).isEqualTo(CLIENT);
    sent.release();
  }

  @Test
  void encapsulatedMessagesLeaveBehindTheirHeader() {
    Encapsulation encapsulation = new Encapsulation(0, Octets.hex("01"));
    gateway.writeOutbound(
        new DefaultAddressedEnvelope<>(
            new Encapsulated(encapsulation, new ConnAck(ReturnCode.ACCEPTED)), CLIENT));

    DatagramPacket sent = gateway.readOutbound();
    assertThat(ByteBufUtil.hexDump(sent.content())).isEqualTo("04fe0001030500");
    sent.release();
  }

  @Test
  void packetsOfOthersPass() {
    DatagramPacket packet = packet("FF", CLIENT, GATEWAY);
    gateway.writeOutbound(packet);

    assertThat(gateway.<Object>readOutbound()).isSameAs(packet);
    packet.release();
  }

  private static Decoded received(EmbeddedChannel channel) {
    AddressedEnvelope<Decoded, InetSocketAddress> envelope = channel.readInbound();
    return envelope.content();
  }

  private static DatagramPacket packet(
      String hex, InetSocketAddress recipient, InetSocketAddress sender) {
    ByteBuf content = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    return new DatagramPacket(content, recipient, sender);
  }
}
