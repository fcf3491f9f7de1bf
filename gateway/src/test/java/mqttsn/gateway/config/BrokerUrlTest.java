package mqttsn.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerUrlTest {

  @ParameterizedTest
  @CsvSource({
    "mqtt://broker, mqtt://broker:1883",
    "MQTTS://broker, mqtts://broker:8883",
    "ws://broker, ws://broker:80/mqtt",
    "wss://broker/, wss://broker:443/mqtt",
    "mqtt-quic://broker, mqtt-quic://broker:14567",
    "mqtt://my_broker:1/, mqtt://my_broker:1",
    "mqtt://10.0.0.1:65535, mqtt://10.0.0.1:65535",
    "mqtt://[::1], mqtt://[::1]:1883",
    "mqtt://[fe80::1%eth0]:1884, mqtt://[fe80::1%eth0]:1884",
    "ws://broker:8080/path/to?token=a%20b, ws://broker:8080/path/to?token=a%20b",
    "wss://broker?token=a, wss://broker:443/mqtt?token=a",
  })
  void isReadWithTheDefaultsOfItsScheme(String text, String url) {
    assertThat(BrokerUrl.parse(text)).hasToString(url);
    assertThat(BrokerUrl.parse(url)).isEqualTo(BrokerUrl.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "broker:1883 | begins with one of mqtt://, mqtts://, ws://, wss://, mqtt-quic://",
        "tcp://broker | begins with one of",
        "mqtt:/broker | begins with one of",
        "mqtt:// | a host name or address",
        "mqtt://:1883 | a host name or address",
        "mqtt://[::1 | a host name or address",
        "mqtt://[] | a host name or address",
        "mqtt://a b | a host name or address",
        "mqtt://::1 | an IPv6 address in brackets",
        "mqtt://broker:0 | a port from 1 to 65535",
        "mqtt://broker:65536 | a port from 1 to 65535",
        "mqtt://broker: | a port from 1 to 65535",
        "mqtt://broker:18x3 | a port from 1 to 65535",
        "mqtt://user:secret@broker | without credentials",
        "mqtt://broker/path | no path",
        "ws://broker/path#fragment | a path of characters",
        "ws://broker/a path | a path of characters",
      })
  void saysWhatWasExpected(String text, String expected) {
    assertThatThrownBy(() -> BrokerUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected)
        .hasMessageNotContaining("secret");
  }
}
