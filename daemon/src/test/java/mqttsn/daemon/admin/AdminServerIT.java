package mqttsn.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AdminServerIT {
  private static final String TOKEN = "correct-horse-battery";
  private static final Endpoint LOOPBACK = new Endpoint("127.0.0.1", 0);
  private static final AdminServer.Limits QUICK =
      new AdminServer.Limits(4, Duration.ofMillis(300), Duration.ofSeconds(20));

  private static final Routes ROUTES =
      new Routes()
          .open("/healthz", Resource.of(() -> Response.text(200, "ok")))
          .guarded("/api/clients", request -> answered(request.parameter("search", "-")))
          .guarded("/broken", request -> CompletableFuture.failedFuture(new IOException("secret")))
          .guarded(
              "/throws",
              request -> {
                throw new IllegalStateException("secret");
              })
          .guarded("/never", request -> new CompletableFuture<>());

  @TempDir Path folder;
  private AdminServer server;
  private final List<Socket> sockets = new ArrayList<>();

  private static CompletableFuture<Response> answered(String search) {
    return CompletableFuture.supplyAsync(() -> Response.json("{\"search\":\"" + search + "\"}"));
  }

  @BeforeEach
  void startServer() throws ConfigurationException, IOException {
    server = AdminServer.start(LOOPBACK, null, ROUTES);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void restart(boolean token, AdminServer.Limits limits)
      throws ConfigurationException, IOException {
    server.close();
    Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    server = AdminServer.start(LOOPBACK, token ? file : null, ROUTES, limits);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(server.address());
    sockets.add(socket);
    return socket;
  }

  /** Sends the octets and reads until the server closes. */
  private String exchange(String octets) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
    return readAll(socket);
  }

  private static String readAll(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String uri, String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return exchange("GET " + uri + " HTTP/1.1\r\nConnection: close\r\n" + more + "\r\n");
  }

  @Test
  void answersWithSafeHeaders() throws IOException {
    assertThat(get("/healthz"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains(
            "content-length: 3\r\n",
            "content-type: text/plain; charset=utf-8\r\n",
            "cache-control: no-store\r\n",
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n",
            "x-content-type-options: nosniff\r\n",
            "x-frame-options: DENY\r\n")
        .endsWith("\r\n\r\nok\n");
  }

  @Test
  void answersHeadWithTheHeaderOnly() throws IOException {
    assertThat(exchange("HEAD /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-length: 3\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void answersOneRequestAfterTheOtherOnOneConnection() throws IOException {
    Socket socket = connect();
    String request = "GET /healthz HTTP/1.1\r\n\r\n";
    for (int i = 0; i < 3; i++) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\nok\n")) {
        answer.append((char) socket.getInputStream().read());
      }
      assertThat(answer.toString()).startsWith("HTTP/1.1 200 OK\r\n");
    }
  }

  @Test
  void decodesTheQuery() throws IOException {
    assertThat(get("/api/clients?search=p%C3%BCmp+1")).endsWith("{\"search\":\"pümp 1\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /nothing HTTP/1.1\\r\\n\\r\\n                                      | 404",
        "GET /healthz/../api/clients HTTP/1.1\\r\\n\\r\\n                       | 404",
        "POST /healthz HTTP/1.1\\r\\n\\r\\n                                     | 405",
        "DELETE /healthz HTTP/1.1\\r\\n\\r\\n                                   | 405",
        "FOO /healthz HTTP/1.1\\r\\n\\r\\n                                      | 405",
        "POST /healthz HTTP/1.1\\r\\nContent-Length: 999999999999\\r\\n\\r\\nxx | 413",
        "GET /healthz HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nffff  | 413",
        "GET /healthz HTTP/1.1\\r\\nContent-Length: -1\\r\\n\\r\\n              | 400",
        "GET /%zz HTTP/1.1\\r\\n\\r\\n                                          | 400",
        "GET\\r\\n\\r\\n                                                        | 400",
        "\\026\\003\\001\\002\\r\\n\\r\\n                                       | 400",
        "GET /healthz HTTP/1.1\\r\\nno colon\\r\\n\\r\\n                        | 400",
        "GET /throws HTTP/1.1\\r\\n\\r\\n                                       | 500",
        "GET /broken HTTP/1.1\\r\\n\\r\\n                                       | 500",
      })
  void refusesWithAStatusAndNoDetail(String request, int status) throws IOException {
    String octets = request.translateEscapes().replaceFirst("\r\n", "\r\nConnection: close\r\n");
    assertThat(exchange(octets))
        .startsWith("HTTP/1.1 " + status + " ")
        .doesNotContain("secret", "Exception", "at mqttsn");
  }

  @Test
  void boundsRequestLineAndHeader() throws IOException {
    String tooLong = "a".repeat(5_000);
    assertThat(get("/" + tooLong)).startsWith("HTTP/1.1 414 ");
    assertThat(get("/healthz", "X: " + tooLong, "Y: " + tooLong)).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void endsTheConnectionAfterAJunkFloodAndServesOn() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      byte[] junk = new byte[random.nextInt(2_000)];
      random.nextBytes(junk);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(junk);
      }
    }
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void cutsOffWhoPipelines() throws IOException {
    String request = "GET /api/clients HTTP/1.1\r\n\r\n";

    assertThat(exchange(request.repeat(50))).containsOnlyOnce("HTTP/1.1 200 OK");
  }

  @Test
  void endsSlowRequestsWhileOthersAreServed() throws Exception {
    restart(false, QUICK);
    Socket silent = connect();
    Socket half = connect();
    half.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));

    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(readAll(silent)).isEmpty();
    assertThat(readAll(half)).isEmpty();
  }

  @Test
  void acceptsNoMoreConnectionsThanItsLimit() throws Exception {
    restart(false, new AdminServer.Limits(4, Duration.ofSeconds(50), Duration.ofSeconds(20)));
    for (int i = 0; i < 4; i++) {
      Socket held = connect();
      held.getOutputStream()
          .write("GET /healthz HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(held.getInputStream().read()).isEqualTo('H');
    }

    assertThat(readAll(connect())).isEmpty();
    sockets.get(0).close();
    await().until(this::isServed);
  }

  private boolean isServed() throws IOException {
    try {
      return get("/healthz").startsWith("HTTP/1.1 200 OK\r\n");
    } catch (SocketException e) {
      // Above the limit, and closed before it was asked.
      return false;
    }
  }

  @Test
  void givesUpOnAResourceThatDoesNotAnswer() throws IOException {
    assertThat(get("/never")).startsWith("HTTP/1.1 503 ");
  }

  @Test
  void wantsTheTokenForEverythingThatIsGuarded() throws Exception {
    restart(true, QUICK);

    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/api/clients"))
        .startsWith("HTTP/1.1 401 ")
        .contains("www-authenticate: Bearer\r\n");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 401 ");
    assertThat(get("/api/clients", "Authorization: Bearer wrong")).startsWith("HTTP/1.1 401 ");
    assertThat(get("/api/clients", "Authorization: Basic " + TOKEN)).startsWith("HTTP/1.1 401 ");
    assertThat(get("/api/clients", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:9184,200",
    "127.0.0.1,200",
    "[::1]:80,200",
    "evil.example,403",
    "127.0.0.1.evil.example,403"
  })
  void answersOnlyToTheMachinesOwnNameWithoutAToken(String host, int status) throws IOException {
    assertThat(get("/api/clients", "Host: " + host)).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void refusesToListenElsewhereWithoutAToken() {
    assertThatThrownBy(() -> AdminServer.start(new Endpoint("0.0.0.0", 0), null, ROUTES))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "admin.listen: expected a loopback address, or a token-file beside it, found 0.0.0.0:0");
  }

  @Test
  void refusesATokenThatIsNone() throws IOException {
    Path file = folder.resolve("token");
    assertThatThrownBy(() -> AdminServer.start(LOOPBACK, file, ROUTES))
        .hasMessage("admin.token-file " + file + " does not exist");
    for (String text : List.of("", "short", "has a space in the middle", "x".repeat(2_000))) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> AdminServer.start(LOOPBACK, file, ROUTES))
          .hasMessage(
              "admin.token-file "
                  + file
                  + " cannot be used, expected a token of 16 to 1024 visible ASCII characters");
    }
  }

  @Test
  void namesTheAddressThatIsTaken() {
    Endpoint taken = new Endpoint("127.0.0.1", server.address().getPort());

    assertThatThrownBy(() -> AdminServer.start(taken, null, ROUTES))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on TCP " + taken + ": Address in use");
  }
}
