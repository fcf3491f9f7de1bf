package mqttsn.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import mqttsn.codec.text.MessageText;

/** Any octets decode to something, and a message says the same when it is encoded again. */
class DecoderFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void decodesAnything(byte[] datagram) {
    Decoded toGateway = Decoder.toGateway(Unpooled.wrappedBuffer(datagram));
    Decoded toClient = Decoder.toClient(Unpooled.wrappedBuffer(datagram));
    if (toGateway instanceof Message message) {
      assertThat(Decoder.toGateway(encoded(message))).isEqualTo(message);
    }
    if (toClient instanceof Message message) {
      assertThat(Decoder.toClient(encoded(message))).isEqualTo(message);
    }
    assertThat(MessageText.parseDecoded(MessageText.render(toGateway))).isEqualTo(toGateway);
  }

  private static ByteBuf encoded(Message message) {
    ByteBuf buffer = Unpooled.buffer();
    Encoder.encode(message, buffer);
    assertThat(buffer.readableBytes()).isEqualTo(Encoder.encodedLength(message));
    return buffer;
  }
}
