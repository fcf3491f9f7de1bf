package mqttsn.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.application.Arrived;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.Installation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code pub} and {@code sub} against the gateway. */
class CommandsIT {

  private static final long PATIENCE_SECONDS = 10;

  @TempDir private static Path folder;

  private static EmbeddedBroker broker;
  private static Installation installation;

  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startGateway() throws Exception {
    broker = EmbeddedBroker.start();
    installation = Installation.at(broker.url(), folder, "*, commands/predefined, 10");
  }

  @AfterAll
  static void stopGateway() {
    installation.close();
    broker.close();
  }

  @Test
  void publishesAMessage() throws Exception {
    installation.application().subscribe("commands/message", Qos.TWO, arrived::add);
    assertThat(pub("-t", "commands/message", "-m", "on", "-q", "2")).isZero();
    assertThat(nextArrived())
        .isEqualTo(new Arrived("commands/message", Qos.TWO, false, Octets.utf8("on")));
  }

  @Test
  void publishesEachLineOfStandardInput() throws Exception {
    installation.application().subscribe("commands/lines", Qos.ONE, arrived::add);
    InputStream lines = new ByteArrayInputStream("a\nb\n".getBytes(StandardCharsets.UTF_8));
    assertThat(execute(new PubCommand(lines), "-t", "commands/lines", "-l", "-q", "1")).isZero();
    assertThat(nextArrived().data()).isEqualTo(Octets.utf8("a"));
    assertThat(nextArrived().data()).isEqualTo(Octets.utf8("b"));
  }

  @Test
  void publishesAFileOfAnyOctets() throws Exception {
    installation.application().subscribe("commands/file", Qos.ONE, arrived::add);
    byte[] content = {0, (byte) 0xFF, '\n', 1};
    Path file = Files.write(folder.resolve("content"), content);
    assertThat(pub("-t", "commands/file", "-f", file.toString(), "-q", "1")).isZero();
    assertThat(nextArrived().data()).isEqualTo(Octets.of(content));
  }

  @Test
  void publishesAnEmptyMessageThatDeletesTheRetainedOne() {
    assertThat(pub("-t", "commands/retained", "-m", "old", "-r", "-q", "1")).isZero();
    assertThat(sub("-t", "commands/retained", "-C", "1", "-W", "10")).isZero();
    assertThat(pub("-t", "commands/retained", "-n", "-r", "-q", "1")).isZero();
    assertThat(sub("-t", "commands/retained", "-W", "1")).isEqualTo(SubCommand.TIMED_OUT);
  }

  @Test
  void printsTopicAndMessageOfWhatItSubscribedTo() {
    assertThat(pub("-t", "commands/sub/a", "-m", "on", "-r", "-q", "1")).isZero();
    assertThat(sub("-t", "commands/sub/#", "-v", "-C", "1", "-W", "10")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("commands/sub/a on\n");
  }

  @Test
  void printsTheNumberOfAPredefinedTopic() {
    assertThat(pub("-T", "10", "-m", "on", "-r", "-q", "1")).isZero();
    assertThat(sub("-T", "10", "-v", "-C", "1", "-W", "10")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("10 on\n");
  }

  @Test
  void usesShortTopicNames() {
    assertThat(pub("-t", "c1", "--short", "-m", "on", "-r", "-q", "1")).isZero();
    assertThat(sub("-t", "c1", "--short", "-v", "-C", "1", "-W", "10")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("c1 on\n");
  }

  @Test
  void tellsThatTheTopicIsUnknownInEveryQos() {
    for (String qos : new String[] {"0", "1", "2"}) {
      assertThat(pub("-T", "99", "-m", "on", "-q", qos)).isEqualTo(1);
    }
    assertThat(err.toString().lines())
        .hasSize(3)
        .allMatch("pub: PUBLISH rejected: invalid topic id"::equals);
  }

  @Test
  void saysGoodbyeEvenWhenItFails() {
    assertThat(pub("-T", "99", "-m", "on", "-q", "1", "-d")).isEqualTo(1);
    assertThat(err.toString().lines().filter(line -> line.contains("DISCONNECT"))).hasSize(2);
  }

  @Test
  void tellsThatNothingListens() throws Exception {
    int freePort = FreePort.find();
    int exitCode =
        commandLine(new PubCommand())
            .execute("-h", "127.0.0.1", "-p", "" + freePort, "-t", "a", "-m", "on");
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "pub: CONNECT: nothing listens there (port unreachable) at 127.0.0.1:"
                + freePort
                + System.lineSeparator());
  }

  @Test
  void tellsThatTheFileOrTheHostDoesNotExist() {
    assertThat(pub("-t", "a", "-f", "/nowhere/at/all")).isEqualTo(1);
    assertThat(commandLine(new PubCommand()).execute("-h", "x.invalid", "-t", "a", "-m", "on"))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("pub: no such file: /nowhere/at/all", "pub: unknown host 'x.invalid'");
  }

  @Test
  void showsTheMessagesOfADialogue() {
    assertThat(pub("-i", "sens1", "-t", "commands/debug", "-m", "on", "-d")).isZero();
    assertThat(err.toString())
        .contains("sens1 > CONNECT clientId=sens1")
        .contains("sens1 < CONNACK");
  }

  private int pub(String... arguments) {
    return execute(new PubCommand(InputStream.nullInputStream()), arguments);
  }

  private int sub(String... arguments) {
    return execute(new SubCommand(out), arguments);
  }

  private int execute(Object command, String... arguments) {
    CommandLine commandLine = commandLine(command);
    String[] all = new String[arguments.length + 4];
    all[0] = "-h";
    all[1] = "127.0.0.1";
    all[2] = "-p";
    all[3] = Integer.toString(installation.port());
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return commandLine.execute(all);
  }

  private CommandLine commandLine(Object command) {
    return new CommandLine(command).setErr(new PrintWriter(err));
  }

  private Arrived nextArrived() throws InterruptedException {
    Arrived next = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return Objects.requireNonNull(next);
  }
}
