package mqttsn.gateway.client;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mqttsn.codec.Named;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.Qos;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubscribeTopic;
import mqttsn.topic.TopicRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sub}: subscribes as an MQTT-SN client, with the habits of mosquitto_sub. */
@Command(
    name = "sub",
    description = "Subscribes as an MQTT-SN client and prints what arrives, one message a line.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:COUNT messages arrived",
      "1:failed, with the reason on standard error",
      "2:wrong usage",
      "27:the time of -W is over"
    })
public final class SubCommand implements Callable<Integer> {

  /** What mosquitto_sub ends with when the time of -W is over. */
  static final int TIMED_OUT = 27;

  /** The time of -W if there is none: never comes, and does not overflow either. */
  private static final Duration NO_END = Duration.ofDays(10_000);

  /** How long a lost connection rests before the first attempt, and twice as long each time. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  @Option(
      names = {"-t", "--topic"},
      paramLabel = "TOPIC",
      description = "Topic filter to subscribe to; may be repeated.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-T", "--predefined"},
      paramLabel = "ID",
      description = "Predefined topic id, 1 to 65534; may be repeated. -v prints it as the topic.")
  private List<Integer> predefinedIds = new ArrayList<>();

  @Option(
      names = {"-q", "--qos"},
      paramLabel = "QOS",
      converter = QosOption.class,
      defaultValue = "0",
      description = "QoS to ask for: 0, 1 or 2 (default: ${DEFAULT-VALUE}).")
  private Qos qos = Qos.ZERO;

  @Option(
      names = {"-C", "--count"},
      paramLabel = "COUNT",
      description = "End after so many messages.")
  private int count;

  @Option(
      names = {"-W", "--timeout"},
      paramLabel = "SECONDS",
      description = "End after this time, with exit code 27.")
  private int timeoutSeconds;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print the topic before the message.")
  private boolean verbose;

  @Option(names = "--short", description = "Subscribe to topic names of two octets as short names.")
  private boolean shortNames;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final OutputStream out;
  private long endNanos;
  private int printed;

  public SubCommand() {
    this(new FileOutputStream(FileDescriptor.out));
  }

  SubCommand(OutputStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    check();
    Duration patience = timeoutSeconds > 0 ? Duration.ofSeconds(timeoutSeconds) : NO_END;
    endNanos = System.nanoTime() + patience.toNanos();
    try (MqttSnClient client = connection.open(spec)) {
      Thread farewell = new Thread(() -> ConnectionOptions.sayGoodbye(client), "farewell");
      Runtime.getRuntime().addShutdownHook(farewell);
      try {
        return run(client);
      } finally {
        ConnectionOptions.sayGoodbye(client);
      }
    } catch (IOException | ClientException | IllegalArgumentException e) {
      return connection.failed(spec, e);
    }
  }

  private void check() {
    connection.check(spec);
    ConnectionOptions.refuseIf(
        names.isEmpty() && predefinedIds.isEmpty(), spec, "expected -t TOPIC or -T ID");
    for (String name : names) {
      ConnectionOptions.refuseTopic("-t", name, TopicRules.DEFAULT.faultOfFilter(name), spec);
    }
    for (int id : predefinedIds) {
      ConnectionOptions.refuseIf(
          id < 1 || id > 65_534, spec, "-T is " + id + ", expected 1 to 65534");
    }
    ConnectionOptions.refuseIf(
        qos == Qos.MINUS_ONE, spec, "-q is -1, expected 0, 1 or 2: only pub knows -1");
    ConnectionOptions.refuseIf(count < 0, spec, "-C is " + count + ", expected 1 or more");
    ConnectionOptions.refuseIf(
        timeoutSeconds < 0, spec, "-W is " + timeoutSeconds + ", expected 1 or more");
  }

  /** The first connection has to succeed; one that is lost later is made again. */
  private int run(MqttSnClient client) throws IOException {
    boolean wasConnected = false;
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        if (!subscribeInTime(client)) {
          return TIMED_OUT;
        }
        wasConnected = true;
        pause = FIRST_PAUSE;
        return receive(client) ? 0 : TIMED_OUT;
      } catch (ClientException e) {
        if (!wasConnected || e.failure() == Failure.CLOSED) {
          throw e;
        }
        connection.failed(spec, e);
        if (!pauseInTime(pause)) {
          return TIMED_OUT;
        }
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      }
    }
  }

  private boolean subscribeInTime(MqttSnClient client) {
    CompletableFuture<Void> subscribed =
        CompletableFuture.runAsync(
            () -> {
              connection.connect(client);
              topics().forEach(topic -> client.subscribe(topic, qos));
            });
    try {
      subscribed.get(remainingNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ClientException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private List<SubscribeTopic> topics() {
    List<SubscribeTopic> topics = new ArrayList<>();
    for (String name : names) {
      boolean isShort = shortNames && ConnectionOptions.isShortName(name);
      topics.add(isShort ? new ShortName(name) : new Named(name));
    }
    predefinedIds.forEach(id -> topics.add(new PredefinedId(id)));
    return topics;
  }

  /** Whether as many messages came as were wanted. */
  private boolean receive(MqttSnClient client) throws IOException {
    while (remainingNanos() > 0) {
      Received message = client.receive(Duration.ofNanos(remainingNanos()));
      if (message != null) {
        print(message);
        printed++;
        if (printed == count) {
          return true;
        }
      }
    }
    return false;
  }

  private void print(Received message) throws IOException {
    if (verbose) {
      out.write((message.topicName() + " ").getBytes(StandardCharsets.UTF_8));
    }
    out.write(message.data().toByteArray());
    out.write('\n');
    out.flush();
  }

  private boolean pauseInTime(Duration pause) {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), remainingNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return remainingNanos() > 0;
  }

  private long remainingNanos() {
    return Math.max(0, endNanos - System.nanoTime());
  }
}
