package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import mqttsn.codec.Octets;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.forwarder.config.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator reads over HTTP. */
class AdminIT {

  private final HttpClient http = HttpClient.newHttpClient();
  private TestSocket gateway;
  private @Nullable RunningForwarder forwarder;

  @BeforeEach
  void openGateway() throws IOException {
    gateway = new TestSocket("127.0.0.1");
  }

  @AfterEach
  void stop() {
    if (forwarder != null) {
      forwarder.stop();
    }
    gateway.close();
  }

  @Test
  void isReadyWhenTheGatewayAnswers() throws Exception {
    start(0);
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> before = get("/readyz");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("gateway 127.0.0.1:%d does not answer\n", gateway.port());

    assertThat(gateway.receive()).hasToString("030101");
    gateway.answer("030201");
    await().untilAsserted(() -> assertThat(get("/readyz").statusCode()).isEqualTo(200));
  }

  @Test
  void countsDatagramsAndDrops() throws Exception {
    RunningForwarder forwarder = start(0);
    try (TestSocket node = new TestSocket("127.0.0.1")) {
      node.send(Octets.hex("0216"), forwarder.shell().listening().get(0));
      node.send(Octets.hex("0516"), forwarder.shell().listening().get(0));
    }
    await()
        .untilAsserted(
            () ->
                assertThat(get("/metrics").body())
                    .contains(
                        "mqttsn_forwarder_datagrams_total{direction=\"from-nodes\"} 2.0",
                        "mqttsn_forwarder_datagrams_total{direction=\"to-gateways\"} 2.0",
                        "mqttsn_forwarder_dropped_total{reason=\"malformed\"} 1.0",
                        "mqttsn_forwarder_nodes 1.0",
                        "mqttsn_forwarder_gateway_up 0.0"));
  }

  @Test
  void saysWhichAddressCannotBeBound() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot listen on TCP 127.0.0.1:" + taken.getLocalPort());
    }
  }

  private RunningForwarder start(int adminPort) throws ConfigurationException, IOException {
    String yaml =
        """
        nodes: {listen: ["127.0.0.1:0"]}
        gateway: {address: "127.0.0.1:%d"}
        admin: {listen: "127.0.0.1:%d"}
        """
            .formatted(gateway.port(), adminPort);
    RunningForwarder started = Main.start(Binder.bind(yaml, "test.yaml", Configuration.class));
    forwarder = started;
    return started;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    int port =
        Objects.requireNonNull(Objects.requireNonNull(forwarder).admin()).address().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
