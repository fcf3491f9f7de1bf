package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyHistogramTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "16000, 0",
    "17000, 1",
    "32000, 1",
    "33000, 2",
    "1000000, 6",
    "16777216000, 20",
    "16777217000, 21",
    "9223372036854775807, 21"
  })
  void countsEachDurationInTheSmallestBucketThatHoldsIt(long nanos, int bucket) {
    long micros = nanos / 1_000;
    LatencyHistogram histogram = new LatencyHistogram();

    histogram.record(nanos);

    assertThat(histogram.count(bucket)).isEqualTo(1);
    assertThat(histogram.sumSeconds()).isEqualTo(micros / 1e6);
    assertThat(nanos / 1e9).isLessThanOrEqualTo(LatencyHistogram.upperBoundSeconds(bucket));
    if (bucket > 0) {
      assertThat(nanos / 1e9).isGreaterThan(LatencyHistogram.upperBoundSeconds(bucket - 1));
    }
  }
}
