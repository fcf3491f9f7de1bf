package mqttsn.gateway.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import mqttsn.codec.Octets;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.topic.TopicRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pub}: publishes as an MQTT-SN client, with the habits of mosquitto_pub. */
@Command(
    name = "pub",
    description = "Publishes messages as an MQTT-SN client.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:published", "1:failed, with the reason on standard error", "2:wrong usage"})
public final class PubCommand implements Callable<Integer> {

  /** What the message is published on. */
  static final class Topic {
    @Option(
        names = {"-t", "--topic"},
        paramLabel = "TOPIC",
        required = true,
        description = "Topic name; it is registered first.")
    @Nullable String name;

    @Option(
        names = {"-T", "--predefined"},
        paramLabel = "ID",
        required = true,
        description = "Predefined topic id, 1 to 65534.")
    @Nullable Integer predefinedId;
  }

  /** Where the message comes from. */
  static final class Source {
    @Option(
        names = {"-m", "--message"},
        paramLabel = "TEXT",
        required = true,
        description = "The message.")
    @Nullable String text;

    @Option(
        names = {"-n", "--null-message"},
        required = true,
        description = "An empty message; with -r it deletes the retained one.")
    boolean empty;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        required = true,
        description = "The content of a file.")
    @Nullable Path file;

    @Option(
        names = {"-s", "--stdin-file"},
        required = true,
        description = "Everything on standard input, as one message.")
    boolean stdin;

    @Option(
        names = {"-l", "--stdin-line"},
        required = true,
        description = "Each line of standard input, as a message of its own.")
    boolean lines;
  }

  @ArgGroup(multiplicity = "1")
  private Topic topic = new Topic();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = {"-q", "--qos"},
      paramLabel = "QOS",
      converter = QosOption.class,
      defaultValue = "0",
      description =
          "QoS 0, 1 or 2; or -1: without a connection, on a predefined id or a topic name of two"
              + " octets (default: ${DEFAULT-VALUE}).")
  private Qos qos = Qos.ZERO;

  @Option(
      names = {"-r", "--retain"},
      description = "Retain the message.")
  private boolean retain;

  @Option(
      names = "--short",
      description = "Send a topic name of two octets as it is, without registering it.")
  private boolean shortName;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final InputStream stdin;

  public PubCommand() {
    this(System.in);
  }

  PubCommand(InputStream stdin) {
    this.stdin = stdin;
  }

  @Override
  public Integer call() {
    check();
    try (MqttSnClient client = connection.open(spec)) {
      if (qos == Qos.MINUS_ONE) {
        publishAll(client);
      } else {
        connection.connect(client);
        publishAllOrSayGoodbye(client);
        client.disconnect();
        // A refused QoS 0 message is told beside the answers.
        client.receive(Duration.ZERO);
      }
      return 0;
    } catch (NoSuchFileException e) {
      return connection.failed(spec, new IOException("no such file: " + e.getMessage(), e));
    } catch (IOException | ClientException | IllegalArgumentException e) {
      return connection.failed(spec, e);
    }
  }

  private void check() {
    connection.check(spec);
    Integer id = topic.predefinedId;
    ConnectionOptions.refuseIf(
        id != null && (id < 1 || id > 65_534), spec, "-T is " + id + ", expected 1 to 65534");
    String name = topic.name;
    if (name != null) {
      ConnectionOptions.refuseTopic("-t", name, TopicRules.DEFAULT.faultOfName(name), spec);
    }
    boolean isLong = name != null && !ConnectionOptions.isShortName(name);
    ConnectionOptions.refuseIf(
        isLong && (qos == Qos.MINUS_ONE || shortName),
        spec,
        "-t is '"
            + name
            + "', expected two octets with "
            + (shortName ? "--short" : "-q -1 (or -T)"));
  }

  /** Who fails for a reason of its own is not lost: without DISCONNECT its will would follow. */
  private void publishAllOrSayGoodbye(MqttSnClient client) throws IOException {
    try {
      publishAll(client);
    } catch (IOException | ClientException | IllegalArgumentException e) {
      ConnectionOptions.sayGoodbye(client);
      throw e;
    }
  }

  private void publishAll(MqttSnClient client) throws IOException {
    if (source.lines) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stdin, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        publish(client, Octets.utf8(line));
      }
    } else {
      publish(client, message());
    }
  }

  private Octets message() throws IOException {
    if (source.text != null) {
      return Octets.utf8(source.text);
    } else if (source.file != null) {
      return Octets.of(Files.readAllBytes(source.file));
    }
    return source.stdin ? Octets.of(stdin.readAllBytes()) : Octets.EMPTY;
  }

  private void publish(MqttSnClient client, Octets message) {
    Integer predefinedId = topic.predefinedId;
    String name = topic.name;
    if (predefinedId != null) {
      client.publish(new PredefinedId(predefinedId), qos, retain, message);
    } else if (name != null && (shortName || qos == Qos.MINUS_ONE)) {
      client.publish(new ShortName(name), qos, retain, message);
    } else if (name != null) {
      client.publish(name, qos, retain, message);
    }
  }
}
