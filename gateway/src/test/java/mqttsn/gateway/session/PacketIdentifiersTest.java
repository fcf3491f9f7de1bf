package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PacketIdentifiersTest {

  private final Set<Integer> inUse = new HashSet<>();
  private final PacketIdentifiers identifiers = new PacketIdentifiers(inUse::contains);

  @Test
  void riseFromOne() {
    assertThat(identifiers.next()).isEqualTo(1);
    assertThat(identifiers.next()).isEqualTo(2);
  }

  @Test
  void leaveOutWhatIsInUse() {
    inUse.addAll(Set.of(2, 3));
    assertThat(identifiers.next()).isEqualTo(1);
    assertThat(identifiers.next()).isEqualTo(4);
  }

  @Test
  void beginAgainAfterTheLastAndAreNeverZero() {
    inUse.add(1);
    for (int i = 2; i < 0xFFFF; i++) {
      identifiers.next();
    }
    assertThat(identifiers.next()).isEqualTo(0xFFFF);
    assertThat(identifiers.next()).isEqualTo(2);
  }

  @Test
  void areNoneWhenAllAreInUse() {
    for (int i = 1; i <= 0xFFFF; i++) {
      inUse.add(i);
    }
    assertThat(identifiers.next()).isEqualTo(PacketIdentifiers.NONE);
    inUse.remove(7);
    assertThat(identifiers.next()).isEqualTo(7);
  }
}
