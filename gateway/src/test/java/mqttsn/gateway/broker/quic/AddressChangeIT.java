package mqttsn.gateway.broker.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import mqttsn.gateway.broker.quic.PathEvent.Recovered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An MQTT connection over QUIC stays what it is whatever happens to addresses. */
final class AddressChangeIT {

  @TempDir Path directory;

  private final Scene.Plan plan = new Scene.Plan();

  @Test
  void goesOnWhenTheNatChangesItsPort() throws Exception {
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.underLoad(true, () -> scene.relay.rebind("127.0.0.1"));
      scene.assertNothingLost();
    }
  }

  @Test
  void goesOnWhenTheNatChangesItsAddress() throws Exception {
    plan.outsideHost = "127.0.0.2";
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.underLoad(true, () -> scene.relay.rebind("127.0.0.3"));
      scene.assertNothingLost();
    }
  }

  @Test
  void goesOnWhenTheLocalAddressChanges() throws Exception {
    ChangingRoutes routes = new ChangingRoutes(uplinks("127.0.0.2"));
    plan.nio = true;
    plan.routes = routes;
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.underLoad(
          true,
          () -> {
            routes.now(uplinks("127.0.0.3"));
            await().until(() -> !recoveries(scene).isEmpty());
          });
      assertThat(scene.relay.client().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
      scene.assertNothingLost();
      Recovered recovered = recoveries(scene).get(0);
      assertThat(recovered.from()).isEqualTo(uplinks("127.0.0.2").get(0));
      assertThat(recovered.to()).isEqualTo(uplinks("127.0.0.3").get(0));
      assertThat(recovered.why()).isEqualTo(ChangeReason.ROUTE_CHANGED);
      assertThat(scene.status().changes()).isEqualTo(1);
    }
  }

  @Test
  void goesOnAfterAnOutageThatEndsOnAnotherAddress() throws Exception {
    plan.outsideHost = "127.0.0.2";
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.underLoad(
          false,
          () -> {
            scene.relay.goDark();
            await().atMost(Scene.PATIENCE).until(() -> exchanges(scene) >= 2);
            scene.relay.rebind("127.0.0.3");
            scene.relay.goBright();
            await().atMost(Scene.PATIENCE).until(() -> !recoveries(scene).isEmpty());
          });
      scene.assertNothingLostUpward();
      assertThat(recoveries(scene).get(0).gap()).isGreaterThan(Duration.ofSeconds(2));
      assertThat(scene.transport.counters().givenUp()).isZero();
    }
  }

  @Test
  void goesOnThroughTenChangesInARow() throws Exception {
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      for (int change = 0; change < 10; change++) {
        String address = "127.0.0." + (change % 5 + 1);
        scene.underLoad(true, () -> scene.relay.rebind(address));
      }
      scene.assertNothingLost();
    }
  }

  @Test
  void goesOnOverIpv6() throws Exception {
    plan.host = "::1";
    plan.outsideHost = "::1";
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.underLoad(true, () -> scene.relay.rebind("::1"));
      scene.assertNothingLost();
    }
  }

  @Test
  void goesOnWhenTheMappingChangesOnALongWay() throws Exception {
    try (Scene scene = new Scene(directory, plan)) {
      scene.relay.delay(Duration.ofMillis(40));
      scene.connect();
      scene.underLoad(true, () -> scene.relay.rebind("127.0.0.2"));
      scene.assertNothingLost();
    }
  }

  @Test
  void connectsWhenTheLocalAddressChangesDuringTheHandshake() throws Exception {
    ChangingRoutes routes = new ChangingRoutes(uplinks("127.0.0.2"));
    plan.nio = true;
    plan.routes = routes;
    try (Scene scene = new Scene(directory, plan)) {
      scene.relay.delay(Duration.ofMillis(250));
      Future<Channel> dialed = scene.dial();
      await().until(() -> scene.relay.datagramsFromClient() > 0);
      routes.now(uplinks("127.0.0.3"));
      assertThat(dialed.await(Scene.PATIENCE.toMillis())).isTrue();
      assertThat(dialed.isSuccess()).isTrue();
      assertThat(scene.relay.client().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
      assertThat(scene.transport.counters().handshakesRestarted()).isEqualTo(1);
    }
  }

  @Test
  void connectsWhenTheNatChangesItsPortDuringTheHandshake() throws Exception {
    try (Scene scene = new Scene(directory, plan)) {
      scene.relay.delay(Duration.ofMillis(100));
      Future<Channel> dialed = scene.dial();
      await().until(() -> scene.relay.datagramsFromClient() > 0);
      scene.relay.rebind("127.0.0.1");
      assertThat(dialed.await(Scene.PATIENCE.toMillis())).isTrue();
      assertThat(dialed.isSuccess()).isTrue();
    }
  }

  @Test
  void forgedAndRepeatedDatagramsChangeNothing() throws Exception {
    try (Scene scene = new Scene(directory, plan)) {
      scene.connect();
      scene.relay.repeat(3);
      scene.underLoad(true, () -> forge(scene));
      scene.assertNothingLost();
      assertThat(scene.transport.counters().strayDatagrams()).isPositive();
      assertThat(scene.events).isEmpty();
    }
  }

  /** Garbage with the broker's address and from a stranger, with short and long headers. */
  private static void forge(Scene scene) throws Exception {
    Random random = new Random(1);
    try (DatagramSocket stranger = new DatagramSocket()) {
      for (int i = 0; i < 200; i++) {
        byte[] garbage = new byte[20 + random.nextInt(1000)];
        random.nextBytes(garbage);
        InetSocketAddress client = scene.relay.client();
        stranger.send(
            new java.net.DatagramPacket(
                garbage, garbage.length, InetAddress.getLoopbackAddress(), client.getPort()));
        scene
            .relay
            .insideSocket()
            .writeAndFlush(
                new DatagramPacket(
                    Unpooled.wrappedBuffer(garbage),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), client.getPort())))
            .sync();
      }
    }
  }

  private static List<Uplink> uplinks(String address) throws Exception {
    return List.of(new Uplink("if-" + address, InetAddress.getByName(address)));
  }

  private static List<Recovered> recoveries(Scene scene) {
    return scene.events.stream()
        .filter(Recovered.class::isInstance)
        .map(Recovered.class::cast)
        .toList();
  }

  private static long exchanges(Scene scene) {
    return scene.events.stream().filter(PathEvent.Changed.class::isInstance).count();
  }

  /** Leads to every broker the same way, until the test names another. */
  private static final class ChangingRoutes implements Routes {
    private volatile List<Uplink> uplinks;

    ChangingRoutes(List<Uplink> uplinks) {
      this.uplinks = uplinks;
    }

    void now(List<Uplink> changed) {
      uplinks = changed;
    }

    @Override
    public List<Uplink> to(InetSocketAddress broker) {
      return uplinks;
    }
  }
}
