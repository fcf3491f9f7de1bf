package mqttsn.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Effective;
import mqttsn.daemon.net.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigurationTest {

  private static final Path SHIPPED = Path.of("..", "conf", "gateway.yaml");

  @Test
  void theShippedFileSaysExactlyTheDefaults() throws ConfigurationException {
    assertThat(Configuration.read(SHIPPED)).isEqualTo(Configuration.defaults());
  }

  @Test
  void theShippedFileNamesEveryKey() throws IOException {
    assertThat(keys(Files.readString(SHIPPED)))
        .isEqualTo(keys(Effective.toYaml(Configuration.defaults())));
  }

  private static Set<String> keys(String yaml) {
    Set<String> keys = new TreeSet<>();
    collect(new Load(LoadSettings.builder().build()).loadFromString(yaml), "", keys);
    return keys;
  }

  private static void collect(Object node, String path, Set<String> keys) {
    if (node instanceof Map<?, ?> section) {
      section.forEach((key, value) -> collect(value, path + "." + key, keys));
    } else {
      keys.add(path);
    }
  }

  @Test
  void theEffectiveConfigurationBindsToItself() throws ConfigurationException {
    Configuration configuration =
        Configuration.of(
            """
            gateway: {id: 7, name: "attic: 2"}
            sensors: {listen: ["127.0.0.1:0", "[::1]:1884"]}
            discovery: {groups: ["[ff02::75b]:1883", "255.255.255.255:1883"], interface: "eth0, wlan0", preset: paho, standby-for: 3}
            forwarders: {allow: [192.0.2.1, "2001:db8::1"]}
            broker: {mqtt-version: 3.1.1, urls: ["wss://broker.example/mqtt"]}
            admin: {listen: null}
            """);

    assertThat(Binder.bind(Effective.toYaml(configuration), "a.yaml", Configuration.class))
        .isEqualTo(configuration);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gateway: {id: 256}            | 1:15: gateway.id: expected a whole number from 0 to 255, found \"256\"",
        "gateway: {name: \"\"}         | 1:17: gateway.name: expected 1 to 64 printable characters, found \"\"",
        "sensors: {listen: []}         | 1:19: sensors.listen: expected 1 to 16 addresses, found 0",
        "sensors: {listen: [\"[::]:1884\", \"[::]:1884\"]} | 1:19: sensors.listen: expected each address once, found a list",
        "discovery: {groups: [\"192.0.2.1:1883\"]} | 1:22: discovery.groups: expected a multicast or broadcast address and port such as 225.1.1.1:1883, [ff05::75b]:1883 or 255.255.255.255:1883, found \"192.0.2.1:1883\"",
        "discovery: {groups: [\"broker.example:1883\"]} | 1:22: discovery.groups: expected a multicast or broadcast address and port such as 225.1.1.1:1883, [ff05::75b]:1883 or 255.255.255.255:1883, found \"broker.example:1883\"",
        "discovery: {interface: \"a b\"} | 1:24: discovery.interface: expected auto, or names of interfaces such as eth0,wlan0, found \"a b\"",
        "discovery: {preset: zigbee}   | 1:21: discovery.preset: expected one of paho, cc, emqx, hivemq, nordic, proposed, found \"zigbee\"",
        "discovery: {advertise-interval: 19h} | 1:33: discovery.advertise-interval: expected a duration from 1s to 18h, found \"19h\"",
        "sessions: {sleep-buffers-total: 1KiB} | 1:33: sessions.sleep-buffers-total: expected at least sleep-buffer-bytes, 64KiB, found 1KiB",
        "sessions: {sleep-buffer-bytes: 64MiB} | 1:11: sessions.sleep-buffers-total: expected at least sleep-buffer-bytes, 64MiB, found 32MiB",
        "forwarders: {allow: [somewhere]} | 1:22: forwarders.allow: expected an address such as 192.0.2.1 or 2001:db8::1, found \"somewhere\"",
        "broker: {urls: []}            | 1:16: broker.urls: expected at least one URL, found an empty list",
        "broker: {mqtt-version: 3}     | 1:24: broker.mqtt-version: expected 5 or 3.1.1, found \"3\"",
        "broker: {password-file: a}    | 1:25: broker.password-file: expected none without a username, found \"a\"",
        "broker: {tls: {key-file: a}}  | 1:15: broker.tls: expected cert-file and key-file together, or neither",
        "admin: {listen: \"0.0.0.0:9184\"} | 1:17: admin.listen: expected a loopback address, or a token-file beside it, found \"0.0.0.0:9184\"",
        "admin: {listen: \"127.evil.example:9184\"} | 1:17: admin.listen: expected a loopback address, or a token-file beside it, found \"127.evil.example:9184\"",
        "log: {level: loud}            | 1:14: log.level: expected one of trace, debug, info, warn, error, off, found \"loud\"",
        "queue: {enabled: true}        | 1:18: queue.enabled: expected false where gateway.mode is transparent: a connection of a client's own has its session at the broker, and no queue; found \"true\"",
        "queue: {drain-rate: 0}        | 1:21: queue.drain-rate: expected a whole number from 1 to 1000000, found \"0\"",
        "queue: {qos-0: maybe}         | 1:16: queue.qos-0: expected true or false, found \"maybe\"",
        "queue: {ack: later}           | 1:14: queue.ack: expected one of broker, disk, first, found \"later\"",
        "aggregating: {topic-prefix: 'a/#'} | 1:29: aggregating.topic-prefix: expected a beginning of topic names, without wildcards, found \"a/#\"",
      })
  void refusesWhatIsImpossible(String yaml, String error) {
    assertThatThrownBy(() -> Binder.bind(yaml, "conf/gateway.yaml", Configuration.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("conf/gateway.yaml:" + error);
  }

  @Test
  void theQueueHasItsPlaceInTheStateDirectory() {
    Queue unplaced = Configuration.of("").queue();
    Queue placed = Configuration.of("queue: {directory: /data/queue}").queue();

    assertThat(unplaced.place(Map.of("STATE_DIRECTORY", "/var/lib/mqttsn-gateway")))
        .isEqualTo(Path.of("/var/lib/mqttsn-gateway/queue"));
    assertThat(unplaced.place(Map.of("XDG_STATE_HOME", "/home/me/state")))
        .isEqualTo(Path.of("/home/me/state/mqttsn-gateway/queue"));
    assertThat(unplaced.place(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/mqttsn-gateway/queue"));
    assertThat(placed.place(Map.of("STATE_DIRECTORY", "/var/lib/mqttsn-gateway")))
        .isEqualTo(Path.of("/data/queue"));
  }

  @ParameterizedTest
  @EnumSource
  void everyPresetHasGroups(Discovery.Preset preset) {
    assertThat(preset.groups()).isNotEmpty();
  }

  @Test
  void thePresetStandsBesidesTheConfiguredGroups() {
    Discovery discovery =
        Configuration.of("discovery: {groups: [\"239.1.1.1:9\", \"225.1.1.1:1883\"], preset: paho}")
            .discovery();

    assertThat(List.copyOf(discovery.allGroups()))
        .extracting(Group::toString)
        .isEqualTo(
            List.of(
                "239.1.1.1:9", "225.1.1.1:1883", "[ff1e:feed:caca:dead:0:feed:caca:dead]:1883"));
  }
}
