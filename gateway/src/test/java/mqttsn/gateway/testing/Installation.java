package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.application.MqttApplication;
import mqttsn.gateway.config.BrokerUrl;
import mqttsn.gateway.config.Configuration;

/** The gateway in the test's own process, at a broker, with an application on the other side. */
public final class Installation implements AutoCloseable {

  private final RunningGateway gateway;
  private final MqttApplication application;

  private Installation(RunningGateway gateway, MqttApplication application) {
    this.gateway = gateway;
    this.application = application;
  }

  /**
   * Starts a gateway on a free port of 127.0.0.1.
   *
   * @param folder for its configuration; a {@code @TempDir}
   * @param predefinedTopics the lines of its file of predefined topics
   */
  public static Installation at(String brokerUrl, Path folder, String... predefinedTopics)
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
        log: {level: error}
        """
            .formatted(brokerUrl));
    MqttApplication application =
        MqttApplication.connect(BrokerUrl.parse(brokerUrl), "application");
    return new Installation(RunningGateway.start(Configuration.read(file), List.of()), application);
  }

  /** Where the gateway hears clients. */
  public InetSocketAddress address() {
    return gateway.addresses().get(0);
  }

  public int port() {
    return address().getPort();
  }

  public MqttApplication application() {
    return application;
  }

  @Override
  public void close() {
    application.close();
    gateway.stop();
  }
}
