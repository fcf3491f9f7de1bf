package mqttsn.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import mqttsn.daemon.config.BinderTest.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveTest {
  private static Sample bind(String yaml) throws ConfigurationException {
    return Binder.bind(yaml, "/etc/sample.yaml", Sample.class);
  }

  @Test
  void writesEveryKeyWithItsDefault() throws ConfigurationException {
    assertThat(Effective.toYaml(bind("lines: [{port: 'COM 1'}]\nsessions: {file: x}")))
        .isEqualTo(
            """
            name: a-name
            sensors:
              listen:
                - "[::]:1884"
                - 0.0.0.0:1885
              max-datagram: 2048
            sessions:
              t-retry: 10s
              sleep-buffer-bytes: 64KiB
              policy: at-most-some
              rebind-sleeper: false
              file: /etc/x
            line: null
            lines:
              -
                port: "COM 1"
                baud: 115200
            offset: -1
            limits:
              least: 1
              most: 9
            admin: 127.0.0.1:9184
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "name: \"null\"",
        "name: \"12\"",
        "name: \"a: b # c\"",
        "name: \"quote \\\" back \\\\ slash \\u0001\\u2028 \\U0001F600\"",
        "name: \"ends with:\"",
        "name: \"\"",
        "sessions: {t-retry: 1500ms, sleep-buffer-bytes: 1025B, policy: none}",
        "sessions: {t-retry: 90s}",
        "line: {port: \"- x\"}",
        "admin: null",
        "sensors: {listen: []}"
      })
  void bindsWhatItWroteToAnEqualRecord(String yaml) throws ConfigurationException {
    Sample sample = bind(yaml);

    assertThat(bind(Effective.toYaml(sample))).isEqualTo(sample);
  }

  @Test
  void namesTheKeysThatDiffer() throws ConfigurationException {
    Sample before = bind("{}");
    Sample after = bind("{sessions: {t-retry: 5s}, sensors: {listen: []}, line: {port: a}}");

    assertThat(Effective.changedKeys(before, before)).isEmpty();
    assertThat(Effective.changedKeys(before, after))
        .containsExactly("sensors.listen", "sessions.t-retry", "line");
  }
}
