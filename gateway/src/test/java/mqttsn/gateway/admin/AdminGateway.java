package mqttsn.gateway.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.RunningGateway;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.testing.RawClient;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A gateway with its pages on a free port, and who asks them. */
final class AdminGateway implements AutoCloseable {

  static final String TOKEN = "an-example-of-a-token";

  private final RunningGateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  private AdminGateway(RunningGateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param name unique at the broker
   * @param broker the section {@code broker}, in YAML
   * @param admin more of the section {@code admin}, in YAML
   */
  static AdminGateway start(Path folder, String name, String broker, String admin)
      throws IOException, ConfigurationException {
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    Files.writeString(folder.resolve("topics.csv"), "*, a/b, 1\npump-*, <b>flow</b>, 2\n");
    Path file = folder.resolve("gateway.yaml");
    Files.writeString(
        file,
        """
        gateway: {name: "%s"}
        sensors: {listen: ["127.0.0.1:0"]}
        topics: {predefined: topics.csv}
        broker: {%s}
        admin: {listen: "127.0.0.1:0" %s}
        log: {level: error}
        """
            .formatted(name, broker, admin));
    return new AdminGateway(RunningGateway.start(Configuration.read(file), List.of()));
  }

  InetSocketAddress address() {
    return gateway.addresses().get(0);
  }

  InetSocketAddress adminAddress() {
    return Objects.requireNonNull(gateway.adminAddress());
  }

  RawClient client() throws IOException {
    return new RawClient(address());
  }

  URI page(String path) {
    return URI.create("http://127.0.0.1:" + adminAddress().getPort() + path);
  }

  HttpResponse<String> get(String path, String... header) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(page(path));
    if (header.length > 0) {
      request.headers(header);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The answer at a path; JSON is YAML. */
  Map<?, ?> json(String path) throws IOException, InterruptedException {
    String text = get(path).body();
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  @Override
  public void close() {
    gateway.stop();
  }
}
