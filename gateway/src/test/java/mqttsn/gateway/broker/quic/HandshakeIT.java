package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.QuicSettings;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.demo.QuicFront;
import mqttsn.gateway.testing.TestPki;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the gateway connects to over QUIC, and what it says when it does not. */
final class HandshakeIT {

  private static final String HOST = "broker.example";

  @TempDir Path directory;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private TestPki pki;
  private EmbeddedBroker broker;

  @BeforeEach
  void start() throws Exception {
    pki = new TestPki(directory);
    broker = EmbeddedBroker.start();
  }

  @AfterEach
  void stop() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    broker.close();
  }

  @Test
  void refusesACertificateOfAnotherCa() throws Exception {
    TestPki stranger = new TestPki(directory);
    try (QuicFront front = front(stranger.quicBroker())) {
      assertThat(failure(transport(true), front.address())).startsWith("certificate refused: ");
    }
  }

  @Test
  void refusesACertificateOfAnotherHost() throws Exception {
    X509Bundle other = pki.issue("other.example");
    try (QuicFront front = front(pki.quicBroker(other, ClientAuth.NONE, "mqtt"))) {
      assertThat(failure(transport(true), front.address()))
          .contains("certificate refused: No subject alternative DNS name matching broker.example");
    }
  }

  @Test
  void takesAnyHostWhenToldSo() throws Exception {
    X509Bundle other = pki.issue("other.example");
    try (QuicFront front = front(pki.quicBroker(other, ClientAuth.NONE, "mqtt"))) {
      assertThat(dial(transport(false), front.address()).isSuccess()).isTrue();
    }
  }

  @Test
  void refusesABrokerWithoutAlpnMqtt() throws Exception {
    try (QuicFront front = front(pki.quicBroker(pki.issue(HOST), ClientAuth.NONE, "h3"))) {
      assertThat(failure(transport(true), front.address()))
          .isEqualTo("broker does not speak ALPN mqtt");
    }
  }

  @Test
  void givesUpOnASilentPort() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      assertThat(failure(transport(true), addressOf(silent)))
          .isEqualTo("handshake timed out, no answer");
    }
  }

  @Test
  void givesUpOnAPortWithSomethingElse() throws Exception {
    try (DatagramSocket echo = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread echoing = new Thread(() -> echo(echo), "echo");
      echoing.setDaemon(true);
      echoing.start();
      assertThat(failure(transport(true), addressOf(echo)))
          .isEqualTo(
              "handshake timed out, something answers there, but not as QUIC with ALPN mqtt");
    }
  }

  @Test
  void showsAClientCertificate() throws Exception {
    X509Bundle client = pki.issue("gateway.example");
    Path cert = pki.certFile(client, "client");
    Path key = pki.keyFile(client, "client");
    QuicTls tls = new QuicTls(pki.caFile(), cert, key, true, true, false);
    try (QuicFront front = front(pki.quicBroker(pki.issue(HOST), ClientAuth.REQUIRE, "mqtt"))) {
      QuicTransport transport = new QuicTransport(loop, quick(), tls);
      TestClient mqtt =
          TestClient.start(dial(transport, front.address()).getNow(), "sensor", "down");
      mqtt.connected.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void saysThatTheBrokerWantsAClientCertificate() throws Exception {
    try (QuicFront front = front(pki.quicBroker(pki.issue(HOST), ClientAuth.REQUIRE, "mqtt"))) {
      Channel stream = dial(transport(true), front.address()).getNow();
      assertThat(stream.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
      await()
          .untilAsserted(
              () ->
                  assertThat(QuicTransport.endedByBroker(stream))
                      .isEqualTo("broker requires a client certificate"));
    }
  }

  @Test
  void resumesTheTlsSession() throws Exception {
    try (QuicFront front = front(pki.quicBroker())) {
      QuicTransport transport = transport(true);
      connectAndClose(transport, front.address());
      connectAndClose(transport, front.address());
      assertThat(transport.counters().handshakes()).isEqualTo(2);
      assertThat(transport.counters().resumptions()).isEqualTo(1);
    }
  }

  @Test
  void resumesNothingWhenToldSo() throws Exception {
    QuicTls tls = new QuicTls(pki.caFile(), null, null, true, false, false);
    try (QuicFront front = front(pki.quicBroker())) {
      QuicTransport transport = new QuicTransport(loop, quick(), tls);
      connectAndClose(transport, front.address());
      connectAndClose(transport, front.address());
      assertThat(transport.counters().resumptions()).isZero();
    }
  }

  @Test
  void sendsConnectAndNothingElseInEarlyData() throws Exception {
    QuicTls tls = new QuicTls(pki.caFile(), null, null, true, true, true);
    try (QuicFront front = front(pki.quicBroker());
        NatRelay relay = new NatRelay("127.0.0.1", "127.0.0.1", front.address())) {
      relay.delay(Duration.ofMillis(100));
      QuicTransport transport = new QuicTransport(loop, quick(), tls);
      connectAndClose(transport, relay.address());
      long handshakes = transport.counters().handshakes();
      Channel early = dial(transport, relay.address()).getNow();
      assertThat(transport.counters().handshakes())
          .as("handshakes complete when the stream is there")
          .isEqualTo(handshakes);
      TestClient mqtt = TestClient.start(early, "sensor", "down");
      mqtt.connected.get(5, TimeUnit.SECONDS);
      mqtt.publish("up", 1);
      await().until(() -> mqtt.acknowledged.get() == 1);
    }
  }

  @Test
  void probesABrokerWithoutAnMqttConnection() throws Exception {
    try (QuicFront front = front(pki.quicBroker())) {
      Future<Void> probed = transport(true).probe(HOST, front.address());
      assertThat(probed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(probed.isSuccess()).isTrue();
      assertThat(front.streams()).isZero();
    }
  }

  private void connectAndClose(QuicTransport transport, InetSocketAddress address)
      throws Exception {
    Channel stream = dial(transport, address).getNow();
    TestClient mqtt = TestClient.start(stream, "sensor", "down");
    mqtt.connected.get(5, TimeUnit.SECONDS);
    stream.close().sync();
  }

  private QuicFront front(QuicSslContext tls) throws IOException {
    return new QuicFront(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        tls,
        10_000,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
  }

  private QuicTransport transport(boolean verifyHost) throws IOException {
    return new QuicTransport(
        loop, quick(), new QuicTls(pki.caFile(), null, null, verifyHost, true, false));
  }

  /** The defaults, with a shorter handshake. */
  private static QuicSettings quick() {
    return Configuration.of("broker: {quic: {handshake-timeout: 2s}}").broker().quic();
  }

  private static Future<Channel> dial(QuicTransport transport, InetSocketAddress address)
      throws InterruptedException {
    Future<Channel> dialed = transport.connect(HOST, address, Duration.ofSeconds(10), event -> {});
    assertThat(dialed.await(10, TimeUnit.SECONDS)).isTrue();
    return dialed;
  }

  private static @Nullable String failure(QuicTransport transport, InetSocketAddress address)
      throws InterruptedException {
    Future<Channel> dialed = dial(transport, address);
    assertThat(dialed.cause()).isInstanceOf(QuicFailure.class);
    return dialed.cause().getMessage();
  }

  private static InetSocketAddress addressOf(DatagramSocket socket) {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  private static void echo(DatagramSocket socket) {
    byte[] buffer = new byte[2048];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        socket.send(packet);
      }
    } catch (SocketException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
