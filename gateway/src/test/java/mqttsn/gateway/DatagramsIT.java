package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mqttsn.codec.Reject;
import mqttsn.daemon.net.BindFailure;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway on real sockets: addresses, listeners, and whatever else arrives there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatagramsIT {

  private static final int RANDOM_DATAGRAMS = 20_000;

  /** A CONNECT that takes the address over, and a goodbye: no session may survive these. */
  private static final Set<String> ENDS_THE_SESSION = Set.of("M31", "M85");

  private final EmbeddedBroker broker;
  private final RunningGateway gateway;

  DatagramsIT() throws Exception {
    broker = EmbeddedBroker.start();
    gateway =
        start("sensors: {listen: [\"127.0.0.1:0\", \"[::1]:0\", \"[::]:0\"], max-datagram: 1024}");
  }

  private RunningGateway start(String yaml) throws Exception {
    return RunningGateway.start(
        Configuration.of(
            "admin: {listen: null}\n" + yaml + "\nbroker: {urls: [\"" + broker.url() + "\"]}"),
        List.of());
  }

  @BeforeAll
  void theBrokerIsReachable() {
    await().until(() -> gateway.eventLoop().submit(gateway::status).get().contains("up"));
  }

  @AfterAll
  void stop() {
    gateway.stop();
    broker.close();
  }

  private InetSocketAddress listener(int index) {
    return gateway.addresses().get(index);
  }

  private InetSocketAddress dualStack(String loopback) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(loopback), listener(2).getPort());
  }

  private RawClient connected(InetSocketAddress to, String clientId) throws IOException {
    RawClient client = new RawClient(to);
    client.connect(clientId);
    return client;
  }

  @Test
  void answersFromTheSocketThatWasAsked() throws IOException {
    try (RawClient ipv4 = connected(listener(0), "ipv4");
        RawClient ipv6 = connected(listener(1), "ipv6");
        RawClient mapped = connected(dualStack("127.0.0.1"), "dual-ipv4");
        RawClient dual = connected(dualStack("::1"), "dual-ipv6")) {
      for (RawClient client : List.of(ipv4, ipv6, mapped, dual)) {
        assertThat(client.ask("030100")).isEqualTo("030201");
        assertThat(client.isServed()).isTrue();
      }
    }
  }

  @Test
  void answersANodeBehindAForwarder() throws IOException {
    try (RawClient forwarder = new RawClient(listener(0))) {
      assertThat(forwarder.ask("05FE004142 0904 0401003C 6E6F64")).isEqualTo("05FE004142030500");
      assertThat(forwarder.ask("05FE004142 0216")).isEqualTo("05FE0041420217");
    }
  }

  static List<String> malformed() throws IOException {
    try (var lines = DatagramsIT.class.getResourceAsStream("malformed.txt")) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void servesOnAfterAMalformedDatagram(String line) throws IOException {
    String[] vector = line.split(" *\\| *", -1);
    try (RawClient known = connected(listener(0), "known");
        RawClient unknown = new RawClient(listener(1))) {
      unknown.send(vector[1]);
      if (!ENDS_THE_SESSION.contains(vector[0])) {
        known.send(vector[1]);
      }

      assertThat(known.isServed()).isTrue();
    }
  }

  @Test
  void servesOnAfterRandomDatagrams() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    long faults = gateway.counters().traffic().of(Traffic.FAULTS);
    try (RawClient known = connected(listener(0), "steadfast");
        RawClient noise = new RawClient(listener(0))) {
      for (int i = 0; i < RANDOM_DATAGRAMS; i++) {
        byte[] octets = new byte[random.nextInt(1_400)];
        random.nextBytes(octets);
        noise.send(octets);
      }

      assertThat(known.isServed()).isTrue();
    }
    assertThat(gateway.counters().traffic().of(Traffic.FAULTS)).isEqualTo(faults);
  }

  @Test
  void rejectsWhatIsLargerThanTheLargestDatagram() throws IOException {
    long before = gateway.counters().rejects().of(Reject.TRUNCATED);
    byte[] oversized = new byte[1_025];
    oversized[0] = 1;
    oversized[1] = 4;
    oversized[2] = 1;
    oversized[3] = 0x0C;
    try (RawClient client = connected(listener(0), "talkative")) {
      client.send(oversized);

      assertThat(client.isServed()).isTrue();
    }
    assertThat(gateway.counters().rejects().of(Reject.TRUNCATED)).isEqualTo(before + 1);
  }

  @Test
  void aClientThatClosedItsSocketHarmsNobody() throws IOException {
    try (RawClient client = connected(listener(0), "still-there")) {
      try (RawClient gone = connected(listener(0), "gone")) {
        for (int i = 0; i < 50; i++) {
          gone.send("0216");
        }
      }

      assertThat(client.isServed()).isTrue();
    }
  }

  @Test
  void answersManyClientsInOneTurn() throws IOException {
    try (RawClient client = connected(listener(0), "quick")) {
      for (int i = 0; i < 200; i++) {
        client.send("0216");
      }
      List<String> answers =
          IntStream.range(0, 200).mapToObj(i -> receive(client)).distinct().toList();

      assertThat(answers).containsExactly("0217");
    }
  }

  private static String receive(RawClient client) {
    try {
      return client.receive();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anOccupiedPortIsOneLine() {
    int port = listener(0).getPort();

    assertThatThrownBy(() -> start("sensors: {listen: [\"127.0.0.1:" + port + "\"]}"))
        .isInstanceOf(BindFailure.class)
        .hasMessage("cannot listen on UDP 127.0.0.1:" + port + ": Address in use");
  }

  @Test
  void anUnknownHostIsOneLine() {
    assertThatThrownBy(() -> start("sensors: {listen: [\"no-such-host.invalid:1884\"]}"))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on UDP no-such-host.invalid:1884: unknown host");
  }
}
