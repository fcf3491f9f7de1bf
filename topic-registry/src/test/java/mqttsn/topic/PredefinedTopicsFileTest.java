package mqttsn.topic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import mqttsn.codec.PredefinedId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PredefinedTopicsFileTest {

  @TempDir Path folder;

  @Test
  void readsWhatTheGatewayOfPahoReads() throws PredefinedTopicsException {
    assertThat(
            topicsIn(
                """
                #*******************
                #     ClientID, TopicName, TopicID

                *,factory/common, 1
                Client01,factory/line 2/temperature, 2
                Client01,factory/line3, 003

                QoS-1_Client03,factory/proxy, 1   # comment, with comma
                """))
        .containsExactly(
            topic("*", "factory/common", 1),
            topic("Client01", "factory/line 2/temperature", 2),
            topic("Client01", "factory/line3", 3),
            topic("QoS-1_Client03", "factory/proxy", 1));
  }

  static List<Arguments> tolerated() {
    return List.of(
        Arguments.of("", List.of()),
        Arguments.of("\n \n\t\n  # only, a, comment\n#", List.of()),
        Arguments.of("*,a,1", List.of(topic("*", "a", 1))),
        Arguments.of("*,a,1\r\nb,c,2\r\n", List.of(topic("*", "a", 1), topic("b", "c", 2))),
        Arguments.of("# old\r*,a,1\rb,c,2", List.of(topic("*", "a", 1), topic("b", "c", 2))),
        Arguments.of("\uFEFF*,a,1", List.of(topic("*", "a", 1))),
        Arguments.of("\uFEFF# comment", List.of()),
        Arguments.of(" \t* \u00A0,\u3000a b\t, 65534 ", List.of(topic("*", "a b", 65_534))),
        Arguments.of("c#1, x, 1", List.of(topic("c#1", "x", 1))),
        Arguments.of("*, a,b,,c , 1", List.of(topic("*", "a,b,,c", 1))),
        Arguments.of("pump-*, 温度/😀, 7", List.of(topic("pump-*", "温度/😀", 7))),
        Arguments.of("*,a,1\n* , a , 01", List.of(topic("*", "a", 1))),
        Arguments.of("*,a,1\n*,a,2", List.of(topic("*", "a", 1), topic("*", "a", 2))),
        Arguments.of("*,a,1\nb,c,1", List.of(topic("*", "a", 1), topic("b", "c", 1))));
  }

  @ParameterizedTest
  @MethodSource("tolerated")
  void tolerates(String content, List<PredefinedTopic> topics) throws PredefinedTopicsException {
    assertThat(topicsIn(content)).isEqualTo(topics);
  }

  static List<Arguments> mistakes() {
    String client = "expected a client id, a prefix such as pump-*, or *";
    String number = "expected a number from 1 to 65534";
    return List.of(
        Arguments.of("word", "1:1: 'word': expected CLIENT or *, TOPIC NAME, TOPIC ID"),
        Arguments.of("\n  *, a", "2:3: '*, a': expected CLIENT or *, TOPIC NAME, TOPIC ID"),
        Arguments.of("a;b;1", "1:1: 'a;b;1': expected CLIENT or *, TOPIC NAME, TOPIC ID"),
        Arguments.of(",a,1", "1:1: client '': " + client),
        Arguments.of(" a*b, c, 1", "1:2: client 'a*b': " + client),
        Arguments.of("*a, c, 1", "1:1: client '*a': " + client),
        Arguments.of("a\u0001, c, 1", "1:1: client 'a\\u0001': " + client),
        Arguments.of("*,,1", "1:3: topic name '': expected at least one character"),
        Arguments.of("*, ,1", "1:4: topic name '': expected at least one character"),
        Arguments.of(
            "*, a/#, 1", "1:4: topic name 'a/#': expected no wildcard (+ or #) in a topic name"),
        Arguments.of(
            "*, +/b, 1", "1:4: topic name '+/b': expected no wildcard (+ or #) in a topic name"),
        Arguments.of(
            "*, a\u001B[31mb, 1",
            "1:4: topic name 'a\\u001B[31mb': expected no control characters"),
        Arguments.of("*, a\u0000, 1", "1:4: topic name 'a\\u0000': expected no control characters"),
        Arguments.of(
            "*, " + "/".repeat(128) + ", 1",
            "1:4: topic name '" + "/".repeat(60) + "...': expected fewer levels"),
        Arguments.of(
            "*, " + "a".repeat(65_536) + ", 1",
            "1:4: topic name '" + "a".repeat(60) + "...': expected fewer octets"),
        Arguments.of("*, a, 0", "1:7: topic id '0': " + number),
        Arguments.of("*, a, 65535", "1:7: topic id '65535': " + number),
        Arguments.of("*, a, 99999999999", "1:7: topic id '99999999999': " + number),
        Arguments.of("*, a, -1", "1:7: topic id '-1': " + number),
        Arguments.of("*, a, +1", "1:7: topic id '+1': " + number),
        Arguments.of("*, a, 0x1", "1:7: topic id '0x1': " + number),
        Arguments.of("*, a, ١", "1:7: topic id '١': " + number),
        Arguments.of("*, a,", "1:6: topic id '': " + number),
        Arguments.of("ClientId, topic name, topic id", "1:23: topic id 'topic id': " + number),
        Arguments.of("# ok\r\n😀温, b, x", "2:8: topic id 'x': " + number),
        Arguments.of("\uFEFF*, a, x", "1:7: topic id 'x': " + number),
        Arguments.of(
            "# first\nx, a, 1\n\n x, b, 1",
            "4:5: topic name 'b': expected 'a' as in line 2 for client 'x' and topic id 1"),
        Arguments.of(
            "p*, a, 1\n*, c, 1\np*, b, 01",
            "3:5: topic name 'b': expected 'a' as in line 1 for client 'p*' and topic id 1"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void pointsAtTheFirstMistake(String content, String message) {
    assertThatThrownBy(() -> topicsIn(content + "\n*, also a mistake, 0\n"))
        .isInstanceOf(PredefinedTopicsException.class)
        .hasMessage("topics.csv:" + message);
  }

  @Test
  void pointsAtOctetsThatAreNotUtf8() {
    assertMistake("*, Stra\u00DFe, 1".getBytes(ISO_8859_1), "1:8: octet 0xDF: expected UTF-8");
    assertMistake("*, a, 1\n\n\u00FC".getBytes(ISO_8859_1), "3:1: octet 0xFC: expected UTF-8");
    assertMistake("\uFEFF*, a, 1".getBytes(UTF_16LE), "1:1: octet 0xFF: expected UTF-8");
    assertMistake(
        new byte[] {'*', ',', (byte) 0xE6, (byte) 0xB8}, "1:3: octet 0xE6: expected UTF-8");
  }

  @Test
  void saysWhyAFileCannotBeRead() throws IOException {
    Path missing = folder.resolve("missing.csv");
    assertThatThrownBy(() -> PredefinedTopicsFile.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage(missing + " cannot be read: there is no such file");
    assertThatThrownBy(() -> PredefinedTopicsFile.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + " cannot be read: it is a directory");
    Path throughAFile = Files.createFile(folder.resolve("file")).resolve("topics.csv");
    assertThatThrownBy(() -> PredefinedTopicsFile.read(throughAFile))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("\\Q" + throughAFile + "\\E cannot be read: [^/]+");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws Exception {
    String largest = "#".repeat(PredefinedTopicsFile.MAX_BYTES);
    Path file = Files.writeString(folder.resolve("large.csv"), largest);
    assertThat(PredefinedTopicsFile.read(file).topics()).isEmpty();
    Files.writeString(file, largest + "#");
    assertThatThrownBy(() -> PredefinedTopicsFile.read(file))
        .isInstanceOf(PredefinedTopicsException.class)
        .hasMessage(file + ": expected a file of at most 2097152 octets");
  }

  @Test
  void neverFailsInAnotherWay() {
    Random random = new Random(7);
    String alphabet = "*,,,#+/ab12 \n\r\t\uFEFF\u00E9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder content = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        content.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] bytes = content.toString().getBytes(random.nextInt(4) == 0 ? ISO_8859_1 : UTF_8);
      try {
        assertThat(PredefinedTopicsFile.parse("topics.csv", bytes).topics()).doesNotContainNull();
      } catch (PredefinedTopicsException e) {
        assertThat(e).hasMessageMatching("topics\\.csv:[0-9]+:[0-9]+: .*: expected .*");
      }
    }
  }

  @Test
  void readsTheFileThatIsDelivered() throws Exception {
    Path delivered = Path.of("..", "conf", "predefined-topics.csv");
    PredefinedTopics topics = PredefinedTopicsFile.read(delivered);
    assertThat(topics.forEveryone().nameOf(new PredefinedId(1))).isEqualTo("sensors/temperature");
  }

  private static void assertMistake(byte[] content, String message) {
    assertThatThrownBy(() -> PredefinedTopicsFile.parse("topics.csv", content))
        .isInstanceOf(PredefinedTopicsException.class)
        .hasMessage("topics.csv:" + message);
  }

  private static List<PredefinedTopic> topicsIn(String content) throws PredefinedTopicsException {
    return PredefinedTopicsFile.parse("topics.csv", content.getBytes(UTF_8)).topics();
  }

  private static PredefinedTopic topic(String clients, String name, int id) {
    return new PredefinedTopic(clients, name, new PredefinedId(id));
  }
}
