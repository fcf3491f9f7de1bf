package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelDropsTest {

  private static final List<String> TABLE =
      List.of(
          "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
              + "  timeout inode ref pointer drops",
          "  338: 0100007F:075C 00000000:0000 07 00000000:00000000 00:00000000 00000000     0"
              + "        0 12345 2 0000000000000000 17",
          " 1042: 00000000:075C 00000000:0000 07 00000000:00000000 00:00000000 00000000     0"
              + "        0 99999 2 0000000000000000 1000",
          " 1043: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0"
              + "        0 12346 2 0000000000000000 100",
          " 2000: 00000000000000000000000000000000:075C 00000000000000000000000000000000:0000 07"
              + " 00000000:00000000 00:00000000 00000000     0        0 12347 2 0000000000000000 4");

  @Test
  void sumsTheDropsOfOurSocketsOnThesePorts() {
    KernelDrops drops = new KernelDrops(Set.of(1884));

    assertThat(drops.drops(TABLE, Set.of("12345", "12346", "12347"))).isEqualTo(21);
    assertThat(drops.drops(TABLE, Set.of())).isZero();
  }
}
