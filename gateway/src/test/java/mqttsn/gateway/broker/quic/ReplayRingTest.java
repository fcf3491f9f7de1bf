package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplayRingTest {

  private static final byte SHORT_HEADER = 0x40;
  private static final byte LONG_HEADER = (byte) 0xC0;

  private final ReplayRing ring = new ReplayRing(3, 100);

  @Test
  void keepsTheLastDatagramsTheOldestFirst() {
    for (int i = 1; i <= 5; i++) {
      keep(SHORT_HEADER, i, 10);
    }
    assertThat(kept()).containsExactly(3, 4, 5);
    assertThat(ring.bytes()).isEqualTo(30);
  }

  @Test
  void neverKeepsALongHeader() {
    keep(LONG_HEADER, 1, 10);
    assertThat(kept()).isEmpty();
  }

  @Test
  void holdsNoMoreOctetsThanAllowed() {
    keep(SHORT_HEADER, 1, 60);
    keep(SHORT_HEADER, 2, 30);
    keep(SHORT_HEADER, 3, 40);
    assertThat(kept()).containsExactly(2, 3);
    keep(SHORT_HEADER, 4, 101);
    assertThat(kept()).containsExactly(2, 3);
    assertThat(ring.bytes()).isEqualTo(70);
  }

  @Test
  void keepsNothingWhenSwitchedOff() {
    ReplayRing off = new ReplayRing(0, 100);
    off.keep(Unpooled.wrappedBuffer(new byte[] {SHORT_HEADER, 1}));
    assertThat(off.size()).isZero();
  }

  private void keep(byte first, int number, int size) {
    byte[] datagram = new byte[size];
    datagram[0] = first;
    datagram[1] = (byte) number;
    ring.keep(Unpooled.wrappedBuffer(datagram));
  }

  private List<Integer> kept() {
    List<Integer> numbers = new ArrayList<>();
    ring.forEach(datagram -> numbers.add((int) datagram[1]));
    return numbers;
  }
}
