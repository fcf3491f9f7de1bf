package mqttsn.gateway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.Unwrapped;

/** Any octets are unwrapped to something, and an envelope is the same when it is written again. */
class EncapsulationFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void unwrapsAnything(byte[] datagram) {
    ByteBuf content = Unpooled.wrappedBuffer(datagram);
    Unwrapped unwrapped = Encapsulation.unwrap(content);
    if (unwrapped instanceof Encapsulation envelope) {
      ByteBuf message = content.slice();
      ByteBuf again = Unpooled.buffer();
      envelope.wrap(message.duplicate(), again);
      Unwrapped second = Encapsulation.unwrap(again);
      assertThat(second).isEqualTo(envelope);
      assertThat(again).isEqualTo(message);
    }
  }
}
