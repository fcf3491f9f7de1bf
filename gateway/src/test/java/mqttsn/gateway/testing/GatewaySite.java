package mqttsn.gateway.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A place where gateway processes run one after the other: clients find each of them at the same
 * address, and each of them finds what the one before left behind.
 */
public final class GatewaySite {

  private final Path folder;
  private final String brokerKeys;
  private final InetSocketAddress address;

  /**
   * @param folder for the configuration, and what its relative paths mean; a {@code @TempDir}
   */
  public GatewaySite(Path folder, String brokerUrl) throws IOException {
    this(folder, brokerUrl, "5");
  }

  /**
   * @param folder as above
   * @param mqttVersion 5 or 3.1.1
   */
  public GatewaySite(Path folder, String brokerUrl, String mqttVersion) throws IOException {
    this.folder = folder;
    this.brokerKeys = "urls: [\"" + brokerUrl + "\"], mqtt-version: " + mqttVersion;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
  }

  /** Where clients find the gateway. */
  public InetSocketAddress address() {
    return address;
  }

  /** Whether a process holds the address: it hears clients, or will at once. */
  public boolean isTaken() throws IOException {
    try (DatagramSocket free = new DatagramSocket(address)) {
      return !free.isBound();
    } catch (BindException taken) {
      return true;
    }
  }

  /**
   * Starts a gateway with metrics on a free port; returns when it is ready.
   *
   * @param sections further lines of its configuration
   */
  public GatewayProcess start(String... sections) throws IOException {
    return start(List.of(), sections).awaitLine(" ready");
  }

  /**
   * Starts a gateway by another program; returns at once.
   *
   * @param launcher a command that ends as the command that follows it
   */
  public GatewayProcess start(List<String> launcher, String... sections) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("gateway.yaml"),
            """
            sensors: {listen: ["127.0.0.1:%d"]}
            broker: {%s}
            admin: {listen: "127.0.0.1:0"}
            %s
            """
                .formatted(address.getPort(), brokerKeys, String.join("\n", sections)));
    return GatewayProcess.start(launcher, "run", "--config", file.toString());
  }
}
