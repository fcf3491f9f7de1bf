package mqttsn.forwarder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Endpoint;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

  @Test
  void sampleFileSaysWhatAnEmptyFileMeans() throws ConfigurationException {
    Configuration sample =
        Binder.bind(Path.of("..", "conf", "forwarder.yaml"), Configuration.class);
    assertThat(sample).isEqualTo(read(""));
  }

  @Test
  void emptyFileForwardsToAGatewayOnThisMachine() throws ConfigurationException {
    Configuration configuration = read("");
    assertThat(configuration.nodes().listen()).containsExactly(Endpoint.parse("0.0.0.0:1885"));
    assertThat(configuration.gateway().named()).containsExactly(Endpoint.parse("127.0.0.1:1884"));
    assertThat(configuration.nodes().idleExpiry()).isEqualTo(Duration.ofHours(1));
    assertThat(configuration.nodes().serial()).isNull();
  }

  @Test
  void discoveredGatewaysTakeThePlaceOfTheDefault() throws ConfigurationException {
    Configuration configuration = read("gateway: {discover: [\"225.1.1.1:1884\"]}");
    assertThat(configuration.gateway().named()).isEmpty();
  }

  @Test
  void refusesAnAddressBesidesDiscovery() {
    assertThatThrownBy(() -> read("gateway: {address: \"h:1\", discover: [\"225.1.1.1:1884\"]}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "forwarder.yaml:1:10: gateway: expected either an address or discover, found both");
  }

  @Test
  void refusesAForwarderThatHearsNobody() {
    assertThatThrownBy(() -> read("nodes: {listen: []}"))
        .hasMessage(
            "forwarder.yaml:1:17: nodes.listen: expected an address, or a serial line beside it, found an empty list");
  }

  @Test
  void takesASerialLineAlone() throws ConfigurationException {
    Configuration configuration =
        read("nodes: {listen: [], serial: {port: /dev/ttyUSB0, baud: 57600}}");
    assertThat(configuration.nodes().serial()).isEqualTo(new Serial("/dev/ttyUSB0", 57_600, 0));
  }

  @Test
  void namesTheKeyThatSomebodyMeant() {
    assertThatThrownBy(() -> read("nodes:\n  idle-expiri: 1h\n"))
        .hasMessageStartingWith("forwarder.yaml:2:3: unknown key \"nodes.idle-expiri\"");
  }

  @Test
  void refusesPublicMetricsWithoutAToken() {
    assertThatThrownBy(() -> read("admin: {listen: \"0.0.0.0:9185\"}"))
        .hasMessageContaining("or a token-file beside it");
  }

  private static Configuration read(String yaml) throws ConfigurationException {
    return Binder.bind(yaml, "forwarder.yaml", Configuration.class);
  }
}
