package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.config.Configuration;

/** The whole gateway in the test's own process, on a free port of 127.0.0.1. */
public final class TestGateway implements AutoCloseable {

  private final RunningGateway gateway;

  private TestGateway(RunningGateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Starts a gateway at a broker.
   *
   * @param folder for its configuration; a {@code @TempDir}
   * @param predefinedTopics the lines of its file of predefined topics
   */
  public static TestGateway start(Path folder, String brokerUrl, String... predefinedTopics)
      throws IOException, ConfigurationException {
    Files.write(folder.resolve("predefined-topics.csv"), List.of(predefinedTopics));
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        sensors: {listen: ["127.0.0.1:0"]}
        topics: {predefined: predefined-topics.csv}
        broker: {urls: ["%s"]}
        admin: {listen: null}
        log: {level: warn}
        """
            .formatted(brokerUrl));
    return new TestGateway(RunningGateway.start(Configuration.read(file), List.of()));
  }

  /** Where it hears clients. */
  public InetSocketAddress address() {
    return gateway.addresses().get(0);
  }

  @Override
  public void close() {
    gateway.stop();
  }
}
