package mqttsn.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class BinderTest {
  public enum Policy {
    NONE,
    PREDEFINED,
    AT_MOST_SOME
  }

  public record Sensors(
      @Default({"[::]:1884", "0.0.0.0:1885"}) List<Endpoint> listen,
      @Default("2048") @Range(min = 64, max = 65_535) int maxDatagram) {}

  public record Sessions(
      @Default("10s") @Between(min = "1s", max = "1h") Duration tRetry,
      @Default("64KiB") @Between(min = "1KiB", max = "1GiB") ByteSize sleepBufferBytes,
      @Default("at-most-some") Policy policy,
      @Default("false") boolean rebindSleeper,
      @Nullable Path file) {}

  public record Discovery(@Default("auto") String interface_) {}

  public record Line(String port, @Default("115200") int baud) {}

  public record Limits(@Default("1") int least, @Default("9") int most) {
    public Limits {
      if (least > most) {
        throw new IllegalArgumentException("least: expected at most " + most);
      }
    }
  }

  public record Sample(
      @Default("a-name") String name,
      Sensors sensors,
      Sessions sessions,
      @Nullable Line line,
      List<Line> lines,
      @Default("-1") long offset,
      Limits limits,
      @Nullable @Default("127.0.0.1:9184") Endpoint admin) {}

  private static Sample bind(String yaml) throws ConfigurationException {
    return Binder.bind(yaml, "conf/sample.yaml", Sample.class);
  }

  @ParameterizedTest
  @CsvSource(
      value = {"''", "'# only a comment'", "'---'", "'{}'", "'sessions:'", "'\uFEFFsessions: {}'"})
  void takesAllDefaultsFromAnEmptyFile(String yaml) throws ConfigurationException {
    Sample sample = bind(yaml);

    assertThat(sample.name()).isEqualTo("a-name");
    assertThat(sample.sensors().listen())
        .containsExactly(new Endpoint("::", 1884), new Endpoint("0.0.0.0", 1885));
    assertThat(sample.sessions())
        .isEqualTo(
            new Sessions(
                Duration.ofSeconds(10), new ByteSize(65_536), Policy.AT_MOST_SOME, false, null));
    assertThat(sample.line()).isNull();
    assertThat(sample.lines()).isEmpty();
    assertThat(sample.admin()).isEqualTo(new Endpoint("127.0.0.1", 9184));
  }

  @Test
  void bindsEveryTypeFromTheFile() throws ConfigurationException {
    Sample sample =
        bind(
            """
            name: 12
            sensors: {listen: ["127.0.0.1:0"], max-datagram: 64}
            sessions:
              t-retry: 1500ms
              sleep-buffer-bytes: 3MiB
              policy: none
              rebind-sleeper: true
              file: state/sessions.mv
            line: {port: /dev/ttyUSB0}
            lines:
              - {port: a, baud: 9600}
              - port: "b"
            offset: +7
            admin: null
            """);

    assertThat(sample.name()).isEqualTo("12");
    assertThat(sample.sensors()).isEqualTo(new Sensors(List.of(new Endpoint("127.0.0.1", 0)), 64));
    assertThat(sample.sessions())
        .isEqualTo(
            new Sessions(
                Duration.ofMillis(1500),
                new ByteSize(3 << 20),
                Policy.NONE,
                true,
                Path.of("conf/state/sessions.mv").toAbsolutePath()));
    assertThat(sample.line()).isEqualTo(new Line("/dev/ttyUSB0", 115_200));
    assertThat(sample.lines()).containsExactly(new Line("a", 9600), new Line("b", 115_200));
    assertThat(sample.offset()).isEqualTo(7);
    assertThat(sample.admin()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // unknown and repeated keys
        "sesions: {}              | 1:1: unknown key \"sesions\", did you mean \"sessions\"?",
        "sessions: {tRetry: 1s}   | 1:12: unknown key \"sessions.tRetry\", did you mean \"t-retry\"?",
        "sensors: {t_retry: 1s}   | 1:11: unknown key \"sensors.t_retry\", expected one of listen, max-datagram",
        "offset: 1\\noffset: 2    | 2:1: the key \"offset\" is there twice",
        "[a, b]: 1                | 1:1: expected a key, found a list",
        "lines: [{baud: 1}]       | 1:9: the key \"lines.port\" is missing",
        // wrong types
        "just text                | 1:1: expected keys and values, found \"just text\"",
        "[1, 2]                   | 1:1: expected keys and values, found a list",
        "sessions: 7              | 1:11: sessions: expected keys and values, found \"7\"",
        "name: {}                 | 1:7: name: expected text, found keys and values",
        "name:                    | 1:6: name: expected text, found nothing",
        "offset: ten              | 1:9: offset: expected a whole number, found \"ten\"",
        "offset: \"10\"           | 1:9: offset: expected a whole number, found \"10\"",
        "offset: 99999999999999999999 | 1:9: offset: expected a whole number, found \"99999999999999999999\"",
        "offset: 9999999999999999999 | 1:9: offset: expected a whole number, found \"9999999999999999999\"",
        "sensors: {listen: \"[::]:1884\"} | 1:19: sensors.listen: expected a list in brackets such as [a, b], found \"[::]:1884\"",
        "sessions: {rebind-sleeper: yes} | 1:28: sessions.rebind-sleeper: expected true or false, found \"yes\"",
        "sessions: {policy: all}  | 1:20: sessions.policy: expected one of none, predefined, at-most-some, found \"all\"",
        "sessions: {t-retry: 10}  | 1:21: sessions.t-retry: expected a duration such as 500ms, 30s, 15m, 12h or 1d, found \"10\"",
        "sessions: {t-retry: [1s]} | 1:21: sessions.t-retry: expected a duration such as 500ms, 30s, 15m, 12h or 1d, found a list",
        "sessions: {sleep-buffer-bytes: 64kb} | 1:32: sessions.sleep-buffer-bytes: expected a size such as 512B, 64KiB or 32MiB, found \"64kb\"",
        "sessions: {file: \"\"}   | 1:18: sessions.file: expected the path of a file, found \"\"",
        "sensors: {listen: [\"[::]:99999\"]} | 1:20: sensors.listen: expected an address and port such as 127.0.0.1:1884, [::]:1884 or localhost:1884, found \"[::]:99999\"",
        // out of range
        "sensors: {max-datagram: 63} | 1:25: sensors.max-datagram: expected a whole number from 64 to 65535, found \"63\"",
        "line: {port: a, baud: 3000000000} | 1:23: line.baud: expected a whole number, found \"3000000000\"",
        "sessions: {t-retry: 2h}  | 1:21: sessions.t-retry: expected a duration from 1s to 1h, found \"2h\"",
        "sessions: {t-retry: 999999999999d} | 1:21: sessions.t-retry: expected a duration of at most 36500d, found \"999999999999d\"",
        "sessions: {sleep-buffer-bytes: 1B} | 1:32: sessions.sleep-buffer-bytes: expected a size from 1KiB to 1GiB, found \"1B\"",
        "sessions: {sleep-buffer-bytes: 999999999999999GiB} | 1:32: sessions.sleep-buffer-bytes: expected a size such as 512B, 64KiB or 32MiB, found \"999999999999999GiB\"",
        "limits: {least: 10}      | 1:17: limits.least: expected at most 9, found \"10\"",
        "limits: {most: 0}        | 1:9: limits.least: expected at most 0",
        // not our YAML, or no YAML at all
        "name: &a x               | 1:7: anchors and aliases (& and *) are not accepted here",
        "name: !!int 3            | 1:7: tags (!) are not accepted here",
        "name: a\\n--- \\nname: b | 2:1: not valid YAML: but found another document (expected a single document in the stream)",
        "name: [a                 | 1:9: not valid YAML: expected ',' or ']', but got <stream end> (while parsing a flow sequence)",
        "a: b: c                  | 1:5: not valid YAML: mapping values are not allowed here",
        "name: \\tx\\7        | 1:9: expected printable text, found the character U+0007",
        "name: x\\n\\toffset: 1   | 2:1: not valid YAML: found character '\\\\t(TAB)' that cannot start any token. (Do not use \\\\t(TAB) for indentation) (while scanning for the next token)",
      })
  void namesPositionValueAndExpectation(String yaml, String error) {
    String text = yaml.translateEscapes();

    assertThatThrownBy(() -> bind(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("conf/sample.yaml:" + error.translateEscapes());
  }

  @Test
  void takesAWordOfJavaAsAKey() throws ConfigurationException {
    assertThat(Binder.bind("interface: eth0", "a.yaml", Discovery.class).interface_())
        .isEqualTo("eth0");
  }

  @Test
  void cutsLongValuesAndKeepsErrorsOnOneLine() {
    assertThatThrownBy(() -> bind("offset: |\n  one\n  two\u0085" + "x".repeat(100)))
        .hasMessage(
            "conf/sample.yaml:1:9: offset: expected a whole number, found \"one\\ntwo?"
                + "x".repeat(52)
                + "...\"");
  }

  @Test
  void boundsNestingBeforeTheParserStackOverflows() {
    assertThatThrownBy(() -> bind("name: " + "[".repeat(500_000)))
        .hasMessage("conf/sample.yaml:1:38: expected at most 32 levels of nesting");
  }

  @Test
  void namesFilesThatCannotBeRead(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> Binder.bind(missing, Sample.class))
        .hasMessage(missing + ": there is no such file");
    assertThatThrownBy(() -> Binder.bind(folder, Sample.class))
        .hasMessage(folder + ": is a folder, expected a file");

    Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> Binder.bind(large, Sample.class))
        .hasMessage(large + ": expected a file of at most 1MiB");

    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "# ok\nname: M\u00fcller".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Binder.bind(latin, Sample.class))
        .hasMessage(latin + ":2:8: expected text in UTF-8");
  }

  @Test
  void resolvesPathsAgainstTheFolderOfTheFile(@TempDir Path folder)
      throws IOException, ConfigurationException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "sessions: {file: ../b/c.mv}");

    assertThat(Binder.bind(file, Sample.class).sessions().file())
        .isEqualTo(folder.resolveSibling("b/c.mv"));
  }

  @Test
  void findsSecretsInTheCredentialsOfTheService() {
    RecordComponent file = Sessions.class.getRecordComponents()[4];
    Path folder = Path.of("/etc/sample");
    String secret = "${CREDENTIALS_DIRECTORY}/token";

    assertThat(new Scalars(folder, "/run/credentials/a").value(Path.class, secret, true, file))
        .isEqualTo(Path.of("/run/credentials/a/token"));
    assertThatThrownBy(() -> new Scalars(folder, null).value(Path.class, secret, true, file))
        .hasMessage("to be run by systemd with credentials");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store.file /x may not be written | a.yaml:2:9: store.file /x may not be written",
        "store.file: not there            | a.yaml:2:9: store.file: not there",
        "store.place /x is not there      | store.place /x is not there",
        "topics.csv:3: not a line         | topics.csv:3: not a line",
        "nothing works                    | nothing works"
      })
  void findsTheKeyThatALaterCheckNames(String message, String located, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "store:\n  file: x\n");

    ConfigurationException found = Binder.located(file, new ConfigurationException(message));

    assertThat(found).hasMessage(located.replace("a.yaml", file.toString()));
  }
}
