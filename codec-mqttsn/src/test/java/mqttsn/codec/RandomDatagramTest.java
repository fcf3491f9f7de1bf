package mqttsn.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Noise of a million datagrams, in buffers that end with the datagram, so that reading on would
 * throw. What decodes to a message must decode to the same one from its own encoding.
 */
class RandomDatagramTest {

  private static final int DATAGRAMS = 500_000;

  private final Random random = new Random(20131114);

  @Test
  void anyOctetsDecodeToSomething() {
    decodeAll(this::plausible);
  }

  @Test
  void mutatedVectorsDecodeToSomething() {
    List<Octets> vectors =
        Vector.all().stream().map(Vector::octets).filter(octets -> octets.size() < 300).toList();
    decodeAll(i -> mutated(vectors.get(i % vectors.size()).toByteArray()));
  }

  private void decodeAll(IntFunction<byte[]> datagrams) {
    int messages = 0;
    int rejects = 0;
    for (int i = 0; i < DATAGRAMS; i++) {
      byte[] datagram = datagrams.apply(i);
      Decoded toGateway = decoded(datagram, Direction.TO_GATEWAY);
      Decoded toClient = decoded(datagram, Direction.TO_CLIENT);
      messages += toGateway instanceof Message || toClient instanceof Message ? 1 : 0;
      rejects += toGateway instanceof Reject ? 1 : 0;
    }
    // Noise that never gets past the header, or always does, tests nothing.
    assertThat(messages).isGreaterThan(DATAGRAMS / 20);
    assertThat(rejects).isGreaterThan(DATAGRAMS / 20);
  }

  private static Decoded decoded(byte[] octets, Direction direction) {
    ByteBuf datagram = Unpooled.wrappedBuffer(octets);
    Decoded decoded = direction.decode(datagram);
    if (datagram.readableBytes() != octets.length) {
      throw new AssertionError("indices moved by " + Arrays.toString(octets));
    }
    if (decoded instanceof Message message) {
      ByteBuf again = Buffers.exact(Buffers.encoded(message));
      Decoded same = direction.decode(again);
      if (!message.equals(same)) {
        throw new AssertionError(message + " became " + same);
      }
    }
    return decoded;
  }

  /** Random octets, most of them behind a header that fits. */
  private byte[] plausible(int i) {
    byte[] octets = new byte[random.nextInt(40)];
    random.nextBytes(octets);
    boolean isLong = random.nextInt(8) == 0;
    if (i % 10 != 0 && octets.length > 4) {
      int typeAt = isLong ? 3 : 1;
      octets[0] = (byte) (isLong ? Wire.LONG_LENGTH_MARKER : octets.length);
      octets[1] = 0;
      octets[isLong ? 2 : 0] = (byte) octets.length;
      octets[typeAt] = (byte) random.nextInt(0x1F);
    }
    return octets;
  }

  /**
   * Up to two octets changed, sometimes some cut off or added, half of them behind their Length.
   */
  private byte[] mutated(byte[] octets) {
    int growth = random.nextInt(4) == 0 ? random.nextInt(7) - 3 : 0;
    byte[] mutant = Arrays.copyOf(octets, Math.max(0, octets.length + growth));
    for (int changes = random.nextInt(3); changes > 0 && mutant.length > 0; changes--) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
    }
    if (mutant.length > 1 && random.nextBoolean() && mutant[0] != Wire.LONG_LENGTH_MARKER) {
      mutant[0] = (byte) Math.min(mutant.length, Wire.MAX_SHORT_LENGTH);
    }
    return mutant;
  }
}
