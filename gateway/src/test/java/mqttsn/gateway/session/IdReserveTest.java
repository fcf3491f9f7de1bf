package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdReserveTest {

  private final IdReserve reserve = new IdReserve(3);

  @Test
  void wantsARecordAfterSoManyIdsAsAnotherProcessLeavesOut() {
    assertThat(takes(8)).isEqualTo("...!..!.");
  }

  @Test
  void wantsARecordForTheFirstIdOfARestoredSession() {
    assertThat(reserve.behind(10)).isEqualTo(13);
    assertThat(takes(5)).isEqualTo("!..!.");
  }

  private String takes(int ids) {
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < ids; i++) {
      marks.append(reserve.take() ? '!' : '.');
    }
    return marks.toString();
  }
}
