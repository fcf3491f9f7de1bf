package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import mqttsn.codec.MessageType;
import mqttsn.gateway.net.Counters;
import org.junit.jupiter.api.Test;

class RateHistoryTest {

  private final Counters counters = new Counters();

  @Test
  void countsTheMessagesOfEachInterval() {
    counters.received().add(MessageType.CONNECT, 100); // before anybody looked
    RateHistory rates = new RateHistory(counters);
    counters.received().add(MessageType.PUBLISH, 3);
    counters.received().add(MessageType.PINGREQ, 1);
    counters.sent().add(MessageType.PUBACK, 2);
    rates.sample();
    rates.sample();

    assertThat(rates.oldestFirst())
        .containsExactly(new RateHistory.Sample(4, 2), new RateHistory.Sample(0, 0));
  }

  @Test
  void keepsFiveMinutes() {
    RateHistory rates = new RateHistory(counters);
    for (int i = 0; i < 1_000; i++) {
      counters.sent().add(MessageType.PUBACK, i);
      rates.sample();
    }
    assertThat(rates.oldestFirst()).hasSize(150).last().isEqualTo(new RateHistory.Sample(0, 999));
  }
}
