package mqttsn.gateway.probe;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.log.Log;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.client.ClientSettings;
import mqttsn.gateway.client.HelpOptions;
import mqttsn.gateway.client.MqttSnClient;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.tinylog.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code probe}: what works of a running installation, and how fast. */
@Command(
    name = "probe",
    description =
        "Measures the path sensor, gateway, broker, application and back of a running installation."
            + " What is not said here comes from the gateway's configuration.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every leg works", "1:one does not", "2:wrong usage or configuration"})
public final class ProbeCommand implements Callable<Integer> {

  private static final int MAX_ROUNDS = 1_000;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration of the gateway; default: the one in conf/ beside bin/.")
  private @Nullable Path config;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      description = "Host of the gateway.")
  private @Nullable String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "UDP port of the gateway.")
  private @Nullable Integer port;

  @Option(
      names = {"-b", "--broker"},
      paramLabel = "URL",
      description = "The broker, as an application reaches it.")
  private @Nullable String broker;

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "Messages on each way (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = {"-W", "--timeout"},
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long a message may take (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Mixin HelpOptions helpOptions = new HelpOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws ConfigurationException {
    refuseIf(rounds < 1 || rounds > MAX_ROUNDS, "-n is " + rounds + ", expected 1 to 1000");
    refuseIf(timeoutSeconds < 1, "-W is " + timeoutSeconds + ", expected 1 or more");
    Log.level(Level.ERROR);
    Configuration configuration = configuration();
    Endpoint gateway = gateway(configuration);
    BrokerUrl url = broker(configuration);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT, "Gateway udp://%s, broker %s, %d rounds of QoS 1%n%n", gateway, url, rounds);
    out.flush();

    String unique =
        Long.toHexString(ProcessHandle.current().pid()) + Long.toHexString(System.nanoTime());
    Probe probe = new Probe("mqttsn-probe/" + unique, rounds, Duration.ofSeconds(timeoutSeconds));
    probe.run(
        () -> sensor(probe, gateway, "probe-" + ProcessHandle.current().pid()),
        () -> MqttApplication.connect(url, configuration.broker(), "mqttsn-probe-" + unique));
    out.println(Leg.header());
    probe.legs().forEach(out::println);
    out.printf("%n%s%n", probe.works() ? "Every leg works." : "NOT every leg works.");
    out.flush();
    return probe.works() ? 0 : 1;
  }

  private MqttSnClient sensor(Probe probe, Endpoint gateway, String clientId) throws IOException {
    InetSocketAddress address = new InetSocketAddress(gateway.host(), gateway.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host '" + gateway.host() + "'");
    }
    // Answers may take as long as messages: the client tries three times in that time.
    Duration tRetry = Duration.ofSeconds(timeoutSeconds).dividedBy(3);
    MqttSnClient sensor =
        MqttSnClient.open(
            new ClientSettings(clientId, tRetry, 2), address, probe.arrivalsAtSensor());
    try {
      sensor.connect();
      return sensor;
    } catch (ClientException e) {
      sensor.close();
      throw e;
    }
  }

  private Configuration configuration() throws ConfigurationException {
    Path file = config;
    if (file == null) {
      file = Path.of(System.getProperty("mqttsn.conf", "conf"), "gateway.yaml");
      if (Files.notExists(file)) {
        return Configuration.defaults();
      }
    }
    return Configuration.read(file);
  }

  /** A gateway that listens on every address is asked at this machine's own. */
  private Endpoint gateway(Configuration configuration) {
    Endpoint listen = configuration.sensors().listen().get(0);
    boolean isWildcard = listen.host().equals("::") || listen.host().equals("0.0.0.0");
    String gatewayHost = host != null ? host : isWildcard ? "localhost" : listen.host();
    int gatewayPort = port != null ? port : listen.port();
    refuseIf(
        gatewayPort < 1 || gatewayPort > 65_535, "-p is " + gatewayPort + ", expected 1 to 65535");
    return new Endpoint(gatewayHost, gatewayPort);
  }

  private BrokerUrl broker(Configuration configuration) {
    if (broker == null) {
      return configuration.broker().urls().get(0);
    }
    try {
      return BrokerUrl.parse(broker);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "-b is '" + broker + "', expected " + e.getMessage(), e);
    }
  }

  private void refuseIf(boolean refused, String message) {
    if (refused) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
