package mqttsn.codec.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.MessageToMessageCodec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import org.jspecify.annotations.Nullable;

/**
 * Turns each {@link DatagramPacket} into an {@link AddressedEnvelope} around what it decoded to,
 * and envelopes around a {@link Message} or an {@link Encapsulated} message into packets. Noise
 * arrives as an envelope around its reason, so the next handler can count it; other outbound
 * objects pass. Stateless: one instance serves any number of pipelines.
 *
 * <p>The channel's receive buffer bounds what can arrive: Netty cuts a longer datagram off, and
 * what is left decodes to "truncated". Netty's own default is 2048 octets.
 */
@Sharable
public final class MqttSnDatagramCodec
    extends MessageToMessageCodec<DatagramPacket, AddressedEnvelope<Decoded, InetSocketAddress>> {

  private final boolean toGateway;

  private MqttSnDatagramCodec(boolean toGateway) {
    this.toGateway = toGateway;
  }

  /** A codec for the socket of a gateway. */
  public static MqttSnDatagramCodec forGateway() {
    return new MqttSnDatagramCodec(true);
  }

  /** A codec for the socket of a client. */
  public static MqttSnDatagramCodec forClient() {
    return new MqttSnDatagramCodec(false);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, DatagramPacket packet, List<Object> out) {
    Decoded decoded =
        toGateway ? Decoder.toGateway(packet.content()) : Decoder.toClient(packet.content());
    out.add(new DefaultAddressedEnvelope<>(decoded, packet.recipient(), packet.sender()));
  }

  @Override
  public boolean acceptOutboundMessage(Object object) {
    return object instanceof AddressedEnvelope<?, ?> envelope
        && message(envelope.content()) != null;
  }

  @Override
  protected void encode(
      ChannelHandlerContext ctx,
      AddressedEnvelope<Decoded, InetSocketAddress> envelope,
      List<Object> out) {
    Message message = Objects.requireNonNull(message(envelope.content()));
    Encapsulation encapsulation =
        envelope.content() instanceof Encapsulated wrapped ? wrapped.encapsulation() : null;
    int headerOctets = encapsulation == null ? 0 : encapsulation.length();
    ByteBuf datagram = ctx.alloc().buffer(headerOctets + Encoder.encodedLength(message));
    if (encapsulation != null) {
      encapsulation.writeTo(datagram);
    }
    Encoder.encode(message, datagram);
    out.add(new DatagramPacket(datagram, envelope.recipient(), envelope.sender()));
  }

  /** The message that an envelope's content is or wraps, null if there is none to encode. */
  private static @Nullable Message message(Object content) {
    Object message = content instanceof Encapsulated wrapped ? wrapped.message() : content;
    return message instanceof Message encodable ? encodable : null;
  }
}
