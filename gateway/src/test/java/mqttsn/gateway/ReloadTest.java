package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import mqttsn.daemon.config.Effective;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReloadTest {

  private static final String QUEUE =
      "{gateway: {mode: aggregating}, queue: {enabled: true, directory: /a, ack: %s}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway: {id: 9}",
        "discovery: {advertise-interval: 7m}",
        "discovery: {standby-for: 3}",
        "topics: {predefined: /topics.csv}",
        "sessions: {max: 5, t-retry: 7s, publish-window: 3}",
        "qos-minus-one: {policy: none}",
        "forwarders: {rate: 7}",
        "broker: {grace: 7s}",
        "queue: {bytes: 7MiB, messages: 7, age: 7s, when-full: drop-oldest}",
        "queue: {drain-rate: 7, qos-0: true, ack: disk}",
        "log: {level: debug}",
      })
  void takesOverAtOnce(String yaml) {
    Configuration wanted = Configuration.of(yaml);

    Reload reload = Reload.of(Configuration.defaults(), wanted);

    assertThat(reload.inForce()).isEqualTo(wanted).isNotEqualTo(Configuration.defaults());
    assertThat(reload.needRestart()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway: {name: other}                        | gateway.name",
        "gateway: {mode: aggregating}                  | gateway.mode",
        "sensors: {max-datagram: 100}                  | sensors.max-datagram",
        "discovery: {max-hops: 2}                      | discovery.max-hops",
        "sessions: {file: /sessions}                   | sessions.file",
        "broker: {keep-alive: 7s}                      | broker.keep-alive",
        "queue: {directory: /elsewhere}                | queue.directory",
        "queue: {ack: broker}                          | queue.ack",
        "aggregating: {connections: 2}                 | aggregating.connections",
        "admin: {listen: null}                         | admin.listen",
      })
  void keepsUntilTheNextStart(String yaml, String key) {
    Configuration before = Configuration.defaults();

    Reload reload = Reload.of(before, Configuration.of(yaml));

    assertThat(reload.inForce()).isEqualTo(before);
    assertThat(reload.needRestart()).containsExactly(key);
  }

  @Test
  void theQueueComesAndGoesWithARestart() {
    Configuration without = Configuration.of("gateway: {mode: aggregating}");
    Configuration with = Configuration.of(String.format(QUEUE, "first"));

    assertThat(Reload.of(without, with).inForce()).isEqualTo(without);
    assertThat(Reload.of(without, with).needRestart())
        .containsExactly("queue.enabled", "queue.directory");
    assertThat(Reload.of(with, without).inForce()).isEqualTo(with);
    assertThat(Reload.of(with, without).needRestart())
        .containsExactly("queue.enabled", "queue.directory");
  }

  @ParameterizedTest
  @CsvSource({
    "first, disk, disk",
    "disk, first, first",
    "first, broker, first",
    "broker, disk, broker",
    "broker, broker, broker"
  })
  void acknowledgesDifferentlyAtOnceWhereSessionsHoldNothing(
      String before, String after, String inForce) {
    Configuration running = Configuration.of(String.format(QUEUE, before));
    Configuration wanted = Configuration.of(String.format(QUEUE, after));

    Configuration result = Reload.of(running, wanted).inForce();

    assertThat(Effective.toYaml(result)).contains("ack: " + inForce + "\n");
    assertThat(result.queue().ack())
        .isEqualTo(Configuration.of(String.format(QUEUE, inForce)).queue().ack())
        .isInstanceOf(Queue.Ack.class);
  }
}
