package mqttsn.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.demo.QuicFront;
import mqttsn.gateway.testing.RawClient;
import mqttsn.gateway.testing.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator and their tools read from a running gateway. */
@Timeout(60)
class GatewayPagesIT {

  private static final String HOSTILE = "<script>alert('\"')</script>\\";
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_][a-z0-9_]*)(?:\\{(.*)\\})? ([-+0-9.eE]+|NaN|\\+Inf)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"\\\\]*)\"");
  private static final Path DOCS = Path.of("..", "docs");

  @TempDir static Path folder;

  private static EmbeddedBroker broker;
  private static AdminGateway gateway;
  private static RawClient client;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    // The second URL is there for the metrics of QUIC; nobody is to use it.
    String urls = "urls: [\"%s\", \"mqtt-quic://127.0.0.1:9\"]".formatted(broker.url());
    gateway = AdminGateway.start(folder, "harbour <7>", urls, "");
    await().untilAsserted(() -> assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200));
    client = gateway.client();
    client.connect(HOSTILE);
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
    broker.close();
  }

  @Test
  void servesItsPage() throws Exception {
    assertThat(gateway.get("/").headers().firstValue("content-type"))
        .contains("text/html; charset=utf-8");
    assertThat(gateway.get("/").body()).startsWith("<!doctype html>");
    assertThat(gateway.get("/healthz").body()).isEqualTo("alive\n");
  }

  @Test
  void tellsItsStatus() throws Exception {
    Map<?, ?> status = gateway.json("/api/status");
    assertThat(status)
        .extracting("name", "gwId", "mode", "brokerUp", "sessionsMax")
        .containsExactly("harbour <7>", 1, "transparent", true, 10_000);
    assertThat(status.get("listening"))
        .asInstanceOf(LIST)
        .containsExactly("127.0.0.1:" + gateway.address().getPort());
    assertThat(status.get("sessions")).asInstanceOf(MAP).containsEntry("active", 1);
    assertThat(status.get("totals")).extracting("messagesIn").isNotEqualTo(0);
    assertThat(status.get("rates")).extracting("intervalSeconds").isEqualTo(2);
  }

  @Test
  void tellsOfTheBroker() throws Exception {
    Map<?, ?> answer = gateway.json("/api/broker");
    assertThat(answer.get("up")).isEqualTo(true);
    assertThat(answer.get("connection"))
        .extracting("url", "mqttVersion")
        .containsExactly(broker.url(), "5");
    assertThat(answer.get("urls"))
        .asInstanceOf(LIST)
        .first()
        .extracting("url", "health", "lastFailure")
        .containsExactly(broker.url(), "up", "");
    assertThat(answer.get("counts")).extracting("reconnects").isEqualTo(0);
    assertThat(answer.get("quic")).asInstanceOf(MAP).containsEntry("path", null);
  }

  @Test
  void tellsOfThePathOverQuic(@TempDir Path other) throws Exception {
    TestPki pki = new TestPki(other);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (QuicFront front =
            new QuicFront(
                new InetSocketAddress(loopback, 0),
                pki.quicBroker(),
                30_000,
                new InetSocketAddress(loopback, broker.port()));
        AdminGateway moving =
            AdminGateway.start(
                other,
                "moving",
                "urls: [\"mqtt-quic://127.0.0.1:%d\"], tls: {ca-file: \"%s\"}"
                    .formatted(front.address().getPort(), pki.caFile()),
                "")) {
      await().untilAsserted(() -> assertThat(moving.get("/readyz").statusCode()).isEqualTo(200));

      Object quic = moving.json("/api/broker").get("quic");
      assertThat(quic).extracting("handshakes", "changes").containsExactly(1, List.of());
      assertThat(quic)
          .extracting("path")
          .extracting("address", "changes", "resumed")
          .containsExactly("127.0.0.1", 0, false);
    }
  }

  @Test
  void tellsOfClientsWhateverTheirIds() throws Exception {
    Map<?, ?> answer = gateway.json("/api/clients");
    assertThat(answer.get("clients"))
        .asInstanceOf(LIST)
        .singleElement()
        .extracting("clientId", "state", "brokerUp", "keepAliveSeconds", "sleepingUntil")
        .containsExactly(HOSTILE, "active", true, 60, null);
    assertThat(gateway.get("/api/clients").body()).doesNotContain("<");
  }

  @Test
  void tellsOfPredefinedTopics() throws Exception {
    assertThat(gateway.json("/api/topics").get("topics"))
        .asInstanceOf(LIST)
        .containsExactly(
            Map.of("clients", "*", "topicName", "a/b", "topicId", 1),
            Map.of("clients", "pump-*", "topicName", "<b>flow</b>", "topicId", 2));
  }

  @Test
  void tellsOfRefusalsWithTheirReason() throws Exception {
    String tooLong = "x".repeat(65);
    try (RawClient refused = gateway.client()) {
      assertThat(refused.ask("47 04 04 01 003C " + "78".repeat(65))).isEqualTo("030503");
    }
    Map<?, ?> answer = gateway.json("/api/events");
    assertThat(answer.get("events"))
        .asInstanceOf(LIST)
        .first()
        .extracting("event", "clientId", "detail")
        .containsExactly("refused", tooLong, "client-id");
    assertThat(answer.get("refusals")).extracting("client-id").isNotEqualTo(0);
  }

  @Test
  void metricsAreTextForPrometheusWithFixedNamesAndLabels() throws Exception {
    String text = gateway.get("/metrics").body();
    Set<String> series = new TreeSet<>();
    for (String line : text.lines().filter(line -> !line.startsWith("# ")).toList()) {
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String labels =
          sample.group(2) == null ? "" : LABEL.matcher(sample.group(2)).replaceAll("$1");
      series.add(sample.group(1) + "{" + labels + "}");
    }

    assertThat(series)
        .contains(
            "mqttsn_sessions{state}",
            "mqttsn_sessions_max{}",
            "mqttsn_messages_total{direction,type}",
            "mqttsn_rejects_total{reason}",
            "mqttsn_drops_total{reason}",
            "mqttsn_queue_messages{}",
            "mqttsn_queue_commit_seconds_bucket{le}",
            "mqttsn_broker_up{}",
            "mqttsn_broker_reconnects_total{}");
    assertThat(text)
        .contains(
            "mqttsn_sessions{state=\"active\"} 1.0\n",
            "mqttsn_broker_up 1.0\n",
            "mqttsn_broker_reconnects_total 0.0\n")
        .doesNotContain("alert", "127.0.0.1", "a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana-dashboard.json", "alert-rules.yaml"})
  void everyMetricOfTheExamplesExists(String file) throws Exception {
    Set<String> used = new TreeSet<>();
    Matcher name =
        Pattern.compile("\\b(?:mqttsn|jvm|process)_[a-z0-9_]+\\b")
            .matcher(Files.readString(DOCS.resolve(file)));
    while (name.find()) {
      used.add(name.group());
    }
    String text = gateway.get("/metrics").body();
    assertThat(used)
        .hasSizeGreaterThan(5)
        .allMatch(
            metric -> text.contains("\n" + metric + " ") || text.contains("\n" + metric + "{"));
  }

  @Test
  void everyMetricAndReasonHasItsLineInTheManual() throws Exception {
    String manual = Files.readString(DOCS.resolve("admin.md"));
    Set<String> told = new TreeSet<>();
    Matcher name =
        Pattern.compile("(?m)^# TYPE (mqttsn_\\w+)|^mqttsn_\\w+\\{.*reason=\"([^\"]+)\"")
            .matcher(gateway.get("/metrics").body());
    while (name.find()) {
      told.add(name.group(1) == null ? name.group(2) : name.group(1));
    }

    assertThat(told)
        .hasSizeGreaterThan(50)
        .allMatch(word -> manual.contains("`" + word + "`") || manual.contains("`" + word + "{"));
  }

  @Test
  void junkDoesNotDisturbTheRelay() throws Exception {
    for (String junk :
        new String[] {
          "\u0000\u0001\u0002",
          "GET /api/clients",
          "GET /%ZZ HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "POST /api/clients HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{}",
          "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n",
          "GET /api/clients HTTP/1.1\r\nHost: attacker.example\r\n\r\n"
        }) {
      send(junk);
      assertThat(client.isServed()).isTrue();
    }
    assertThat(gateway.get("/api/unknown").statusCode()).isEqualTo(404);
    assertThat(gateway.get("/healthz").statusCode()).isEqualTo(200);
  }

  private static void send(String junk) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(gateway.adminAddress());
      socket.getOutputStream().write(junk.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void asksForTheTokenWhereThereIsOne(@TempDir Path other) throws Exception {
    String urls = "urls: [\"" + broker.url() + "\"]";
    try (AdminGateway guarded = AdminGateway.start(other, "guarded", urls, ", token-file: token")) {
      for (String path : new String[] {"status", "broker", "clients", "topics", "events"}) {
        assertThat(guarded.get("/api/" + path).statusCode()).as(path).isEqualTo(401);
      }
      assertThat(guarded.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(guarded.get("/").statusCode()).isEqualTo(200);
      String authorization = "Bearer " + AdminGateway.TOKEN;
      assertThat(guarded.get("/api/clients", "Authorization", authorization).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void tellsWhatTimeItIs() throws Exception {
    Instant at = Instant.parse(String.valueOf(gateway.json("/api/status").get("at")));
    assertThat(Instant.parse(String.valueOf(gateway.json("/api/status").get("startedAt"))))
        .isBeforeOrEqualTo(at);
  }
}
