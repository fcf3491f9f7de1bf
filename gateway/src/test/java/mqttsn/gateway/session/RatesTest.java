package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One rate, and a rate for each of many sources. */
class RatesTest {

  @Test
  void admitsOneSecondsWorthAtOnceAndThenTheRate() {
    RateLimit limit = new RateLimit(2, 0);

    assertThat(limit.admit(0)).isTrue();
    assertThat(limit.admit(0)).isTrue();
    assertThat(limit.admit(0)).isFalse();
    assertThat(limit.admit(Time.SECOND / 2 - 1)).isFalse();
    assertThat(limit.admit(Time.SECOND / 2)).isTrue();
    assertThat(limit.admit(Time.SECOND / 2)).isFalse();
  }

  @Test
  void savesNoMoreThanOneSecondsWorth() {
    RateLimit limit = new RateLimit(2, 0);

    assertThat(limit.admit(3_600 * Time.SECOND)).isTrue();
    assertThat(limit.admit(3_600 * Time.SECOND)).isTrue();
    assertThat(limit.admit(3_600 * Time.SECOND)).isFalse();
  }

  @Test
  void countsEverySourceForItself() {
    SourceRates<String> rates = new SourceRates<>(1, 0);

    assertThat(rates.admit("one", 0)).isTrue();
    assertThat(rates.admit("one", 0)).isFalse();
    assertThat(rates.admit("two", 0)).isTrue();
    assertThat(rates.admit("one", Time.SECOND)).isTrue();
  }

  @Test
  void anotherRateCountsAtOnce() {
    SourceRates<String> rates = new SourceRates<>(1, 0);
    rates.admit("one", 0);
    rates.rate(1);
    assertThat(rates.admit("one", 0)).as("the same rate changes nothing").isFalse();

    rates.rate(2);

    assertThat(rates.admit("one", 0)).isTrue();
    assertThat(rates.admit("one", 0)).isTrue();
    assertThat(rates.admit("one", 0)).isFalse();
  }

  @Test
  void forgetsSourcesRatherThanGrow() {
    SourceRates<Integer> rates = new SourceRates<>(1, 0);
    for (int source = 0; source < 100_000; source++) {
      rates.admit(source, 0);
    }
    // what is forgotten starts with a full bucket again
    assertThat(IntStream.range(0, 100_000).filter(source -> rates.admit(source, 0)).count())
        .isGreaterThanOrEqualTo(90_000);
  }
}
