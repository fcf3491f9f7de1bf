package mqttsn.gateway.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Message;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.text.MessageText;
import mqttsn.topic.TopicFault;
import mqttsn.topic.TopicRules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that {@code pub} and {@code sub} share: the gateway, the client, its will. */
final class ConnectionOptions {

  private static final int MAX_DURATION_SECONDS = 65_535;

  /** How long the gateway may take to answer DISCONNECT when the process ends. */
  private static final long FAREWELL_MILLIS = 500;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      defaultValue = "localhost",
      description = "Gateway to use (default: ${DEFAULT-VALUE}).")
  String host = "localhost";

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "1884",
      description = "Its UDP port (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = {"-i", "--id"},
      paramLabel = "ID",
      description = "Client id (default: the command and the process id).")
  @Nullable String clientId;

  @Option(
      names = {"-k", "--keepalive"},
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Keep alive, 0 for none (default: ${DEFAULT-VALUE}).")
  int keepAliveSeconds;

  @Option(
      names = {"-c", "--disable-clean-session"},
      description = "Keep subscriptions and queued messages across connections; needs -i.")
  boolean keepSession;

  @Option(
      names = {"-d", "--debug"},
      description = "Show every message sent and received, on standard error.")
  boolean debug;

  @Option(
      names = "--t-retry",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Send an unanswered request again after this time (default: ${DEFAULT-VALUE}).")
  int tRetrySeconds;

  @Option(
      names = "--n-retry",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "Send it again this often (default: ${DEFAULT-VALUE}).")
  int nRetry;

  @Option(names = "--will-topic", paramLabel = "TOPIC", description = "Topic of the will.")
  @Nullable String willTopic;

  @Option(names = "--will-payload", paramLabel = "TEXT", description = "Message of the will.")
  @Nullable String willPayload;

  @Option(
      names = "--will-qos",
      paramLabel = "QOS",
      converter = QosOption.class,
      defaultValue = "0",
      description = "QoS of the will (default: ${DEFAULT-VALUE}).")
  Qos willQos = Qos.ZERO;

  @Option(names = "--will-retain", description = "Retain the will.")
  boolean willRetain;

  @Mixin HelpOptions helpOptions = new HelpOptions();

  /** Refuses combinations that cannot work. */
  void check(CommandSpec spec) {
    refuseIf(port < 1 || port > 65_535, spec, "-p is " + port + ", expected 1 to 65535");
    refuseIf(
        keepAliveSeconds < 0 || keepAliveSeconds > MAX_DURATION_SECONDS,
        spec,
        "-k is " + keepAliveSeconds + ", expected 0 to " + MAX_DURATION_SECONDS);
    refuseIf(tRetrySeconds < 1, spec, "--t-retry is " + tRetrySeconds + ", expected 1 or more");
    refuseIf(nRetry < 0, spec, "--n-retry is " + nRetry + ", expected 0 or more");
    refuseIf(keepSession && clientId == null, spec, "-c needs -i: the session is kept for an id");
    refuseIf(
        willTopic == null && (willPayload != null || willRetain),
        spec,
        "a will needs --will-topic");
    if (willTopic != null) {
      refuseTopic("--will-topic", willTopic, TopicRules.DEFAULT.faultOfName(willTopic), spec);
    }
    refuseIf(willQos == Qos.MINUS_ONE, spec, "--will-qos is -1, expected 0, 1 or 2");
  }

  static void refuseIf(boolean refused, CommandSpec spec, String message) {
    if (refused) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  /** Refuses a topic that no broker takes before anything is sent. */
  static void refuseTopic(
      String option, String topic, @Nullable TopicFault fault, CommandSpec spec) {
    if (fault != null) {
      throw new ParameterException(
          spec.commandLine(), option + " is '" + topic + "', expected " + fault.expected());
    }
  }

  MqttSnClient open(CommandSpec spec) throws IOException {
    InetSocketAddress gateway = new InetSocketAddress(host, port);
    if (gateway.isUnresolved()) {
      throw new UnknownHostException("unknown host '" + host + "'");
    }
    String id = clientId == null ? spec.name() + "-" + ProcessHandle.current().pid() : clientId;
    return MqttSnClient.open(
        new ClientSettings(id, Duration.ofSeconds(tRetrySeconds), nRetry),
        gateway,
        debug ? trace(id, spec.commandLine().getErr()) : ClientTrace.NONE);
  }

  void connect(MqttSnClient client) {
    client.connect(!keepSession, Duration.ofSeconds(keepAliveSeconds), will());
  }

  /** DISCONNECT, without waiting long for its answer. */
  static void sayGoodbye(MqttSnClient client) {
    try {
      client.begin(new Disconnect(0)).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The gateway finds out by the keep alive.
    }
  }

  private @Nullable ClientWill will() {
    if (willTopic == null) {
      return null;
    }
    Octets message = willPayload == null ? Octets.EMPTY : Octets.utf8(willPayload);
    return ClientWill.of(willTopic, willQos, willRetain, message);
  }

  /** One line on standard error: what failed, and where. */
  int failed(CommandSpec spec, Exception e) {
    PrintWriter err = spec.commandLine().getErr();
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    boolean noGateway =
        e instanceof ClientException failed
            && (failed.failure() == Failure.NO_ANSWER || failed.failure() == Failure.UNREACHABLE);
    err.println(spec.qualifiedName() + ": " + text + (noGateway ? " at " + host + ":" + port : ""));
    err.flush();
    return 1;
  }

  /** Whether the name can be sent in place of a topic id (§6.7). */
  static boolean isShortName(String topicName) {
    return topicName.getBytes(StandardCharsets.UTF_8).length == 2;
  }

  private static ClientTrace trace(String clientId, PrintWriter err) {
    return new ClientTrace() {
      @Override
      public void sent(Message message) {
        line(" > ", message);
      }

      @Override
      public void received(Message message) {
        line(" < ", message);
      }

      private void line(String arrow, Message message) {
        err.println(clientId + arrow + MessageText.render(message));
        err.flush();
      }
    };
  }
}
