package mqttsn.gateway.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.log.Log;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.client.ClientException;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;
import org.tinylog.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: broker, gateway, sensors and application in one process, on free ports. */
@Command(
    name = "demo",
    description = "Shows the gateway at work: everything in this process, nothing to install.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every message arrived", "1:one did not"})
public final class DemoCommand implements Callable<Integer> {

  private static final String USUAL_PARTS =
      """
      gateway: {name: demo-gateway}
      admin: {listen: null}
      """;

  private static final String ALL_PARTS =
      """
      gateway: {name: demo-gateway, mode: aggregating}
      aggregating: {clients: [thermometer]}
      sessions: {file: sessions}
      queue: {enabled: true, directory: queue}
      admin: {listen: "127.0.0.1:0"}
      """;

  @Option(
      names = "--keep",
      description = "Leave everything running afterwards, for messages of your own.")
  private boolean keep;

  @Option(
      names = "--all-parts",
      hidden = true,
      description = "With what is off by default too, so that an archive of classes has all of it.")
  private boolean allParts;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, ConfigurationException {
    Log.level(Level.ERROR);
    Narrator narrator = new Narrator(spec.commandLine().getOut());
    narrator.line("Broker, gateway, three sensors and an application, all in this process.");
    narrator.line("");
    EmbeddedBroker broker = EmbeddedBroker.start();
    try {
      narrator.event("broker", "listens on %s, in memory", broker.url());
      return play(narrator, broker);
    } finally {
      stop(broker);
    }
  }

  private int play(Narrator narrator, EmbeddedBroker broker)
      throws IOException, ConfigurationException {
    Path folder = Files.createTempDirectory("mqttsn-demo");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete"));
    RunningGateway gateway = RunningGateway.start(configuration(folder, broker), List.of());
    InetSocketAddress address = gateway.addresses().get(0);
    narrator.event("gateway", "listens on UDP %s:%d", address.getHostString(), address.getPort());
    try (MqttApplication application =
            MqttApplication.connect(BrokerUrl.parse(broker.url()), "application");
        Demo demo = new Demo(narrator, application, address)) {
      boolean complete = demo.play();
      if (keep) {
        keep(narrator, broker, address);
      }
      return complete ? 0 : 1;
    } catch (ClientException e) {
      narrator.line("%nThe demo ends early: %s", String.valueOf(e.getMessage()));
      return 1;
    } finally {
      gateway.stop();
    }
  }

  /** The broker takes two seconds to stop, and the process need not wait for it. */
  private static void stop(EmbeddedBroker broker) {
    Thread stopping = new Thread(broker::close, "stop");
    stopping.setDaemon(true);
    stopping.start();
  }

  private Configuration configuration(Path folder, EmbeddedBroker broker)
      throws IOException, ConfigurationException {
    Files.writeString(
        folder.resolve("predefined-topics.csv"),
        "*, " + Demo.BUTTON_TOPIC + ", " + Demo.BUTTON_ID.topicId() + "\n");
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        sensors: {listen: ["127.0.0.1:0"]}
        topics: {predefined: predefined-topics.csv}
        broker: {urls: ["%s"]}
        log: {level: error}
        """
                .formatted(broker.url())
            + (allParts ? ALL_PARTS : USUAL_PARTS));
    return Configuration.read(file);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      // A temporary folder stays.
    }
  }

  /** Waits until the process is told to end; the application goes on to print what it receives. */
  private static void keep(Narrator narrator, EmbeddedBroker broker, InetSocketAddress gateway) {
    narrator.line("");
    narrator.line("Still running, until Ctrl-C. In another terminal, for example:");
    narrator.line("  mqttsn-gateway pub -p %d -t demo/hello -m hello -q 1", gateway.getPort());
    narrator.line(
        "  mqttsn-gateway pub -p %d -T %d -m pressed -q -1",
        gateway.getPort(), Demo.BUTTON_ID.topicId());
    narrator.line("  mqttsn-gateway sub -p %d -t 'demo/#' -v", gateway.getPort());
    narrator.line("  mosquitto_sub -p %d -t 'demo/#' -v", broker.port());
    narrator.line("");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
