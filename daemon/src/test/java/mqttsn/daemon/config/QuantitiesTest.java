package mqttsn.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "0s,0",
    "500ms,500",
    "30s,30000",
    "15m,900000",
    "12h,43200000",
    "1d,86400000",
    "1001ms,1001"
  })
  void readsAndWritesDurations(String text, long millis) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(DurationText.format(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0B,0",
    "512B,512",
    "64KiB,65536",
    "1025B,1025",
    "32MiB,33554432",
    "2GiB,2147483648",
    "2048GiB,2199023255552"
  })
  void readsAndWritesSizes(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    assertThat(new ByteSize(bytes)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:9184", "[::1]:1884", "[fe80::1%eth0]:1884", "broker-1.example:0"})
  void readsAndWritesEndpoints(String text) {
    assertThat(Endpoint.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1884", ":1884", "::1:1884", "a:b", "a:65536", "a b:1", "[::1]", "[::1]:"})
  void refusesWhatIsNoEndpoint(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(text));
  }
}
