package mqttsn.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Datagrams to messages and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

  private static final int PAYLOAD_OCTETS = 64;

  private final Publish publish =
      new Publish(
          false, Qos.ONE, false, new NormalId(1), 1, Octets.utf8("x".repeat(PAYLOAD_OCTETS)));
  private final PubAck pubAck = new PubAck(1, 1, ReturnCode.ACCEPTED);
  private final ByteBuf publishDatagram = datagram(publish);
  private final ByteBuf registerDatagram = datagram(new Register(0, 1, "plant/3/temperature"));
  private final ByteBuf encapsulatedDatagram = encapsulated(publish);
  private final ByteBuf rejectedDatagram = publishDatagram.copy(0, publishDatagram.capacity() / 2);
  private final ByteBuf out = Unpooled.directBuffer(256);

  private static ByteBuf datagram(Message message) {
    ByteBuf datagram = Unpooled.directBuffer(Encoder.encodedLength(message));
    Encoder.encode(message, datagram);
    return datagram;
  }

  private static ByteBuf encapsulated(Message message) {
    ByteBuf datagram = Unpooled.directBuffer(256);
    Encoder.encode(new Encapsulation(0, Octets.hex("0A0B")), message, datagram);
    return datagram;
  }

  /** PUBLISH with 64 octets of payload. */
  @Benchmark
  public Decoded decodePublish() {
    return Decoder.toGateway(publishDatagram);
  }

  /** REGISTER with a topic name of 19 characters. */
  @Benchmark
  public Decoded decodeRegister() {
    return Decoder.toGateway(registerDatagram);
  }

  /** PUBLISH through a forwarder. */
  @Benchmark
  public Decoded decodeEncapsulatedPublish() {
    return Decoder.toGateway(encapsulatedDatagram);
  }

  /** A datagram that is shorter than its Length says. */
  @Benchmark
  public Decoded decodeTruncated() {
    return Decoder.toGateway(rejectedDatagram);
  }

  /** PUBACK. */
  @Benchmark
  public ByteBuf encodePubAck() {
    Encoder.encode(pubAck, out.clear());
    return out;
  }

  /** PUBLISH with 64 octets of payload. */
  @Benchmark
  public ByteBuf encodePublish() {
    Encoder.encode(publish, out.clear());
    return out;
  }
}
