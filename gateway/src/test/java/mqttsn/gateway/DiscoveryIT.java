package mqttsn.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.testing.FreePort;
import mqttsn.gateway.testing.RawClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Discovery (§6.1) in an IPv4 group on the loopback interface. */
class DiscoveryIT {

  private static final String ADVERTISE = "0500010384";
  private static final String SEARCHGW = "030101";
  private static final String GWINFO = "030201";
  private static final int PATIENCE_MILLIS = 10_000;
  private static final NetworkInterface LOOPBACK = loopback();

  private final InetSocketAddress group;
  private final MulticastSocket member;
  private @Nullable RunningGateway gateway;

  DiscoveryIT() throws IOException {
    InetAddress address = InetAddress.getByName("239.255.77.1");
    group = new InetSocketAddress(address, FreePort.find());
    member = new MulticastSocket(group.getPort());
    member.joinGroup(group, LOOPBACK);
    member.setOption(StandardSocketOptions.IP_MULTICAST_IF, LOOPBACK);
    member.setSoTimeout(PATIENCE_MILLIS);
  }

  private static NetworkInterface loopback() {
    try {
      return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    member.close();
    if (gateway != null) {
      gateway.stop();
    }
  }

  private RunningGateway start(String brokerUrl, String interfaces) throws Exception {
    RunningGateway started =
        RunningGateway.start(
            Configuration.of(
                """
                admin: {listen: null}
                sensors: {listen: ["[::]:0"]}
                discovery: {groups: ["%s:%d"], interface: "%s"}
                broker: {urls: ["%s"]}
                """
                    .formatted(
                        group.getAddress().getHostAddress(),
                        group.getPort(),
                        interfaces,
                        brokerUrl)),
            List.of());
    gateway = started;
    return started;
  }

  /** The next datagram to the group that this test has not sent itself. */
  private String receive(RunningGateway from) throws IOException {
    while (true) {
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      member.receive(packet);
      if (packet.getPort() == from.addresses().get(0).getPort()) {
        return Octets.of(Arrays.copyOf(packet.getData(), packet.getLength())).toString();
      }
    }
  }

  private void send(String hex) throws IOException {
    byte[] octets = Octets.hex(hex).toByteArray();
    member.send(new DatagramPacket(octets, octets.length, group));
  }

  @Test
  void advertisesFromItsListenAddressOnceTheBrokerIsReachable() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      assertThat(receive(start(broker.url(), LOOPBACK.getName()))).isEqualTo(ADVERTISE);
    }
  }

  @Test
  void answersToTheGroupAndToTheAskerAndAdvertisesNothingWithoutABroker() throws Exception {
    RunningGateway started = start("mqtt://127.0.0.1:" + FreePort.find(), LOOPBACK.getName());

    send(SEARCHGW);

    // The member's own socket hears both: what was sent to the group and what was sent to it.
    assertThat(receive(started)).isEqualTo(GWINFO);
    assertThat(receive(started)).isEqualTo(GWINFO);
  }

  @Test
  void takesNothingButDiscoveryFromTheGroup() throws Exception {
    RunningGateway started = start("mqtt://127.0.0.1:" + FreePort.find(), LOOPBACK.getName());

    send("0B040401003C73656E7331");

    await().until(() -> started.counters().traffic().of(Traffic.GROUP_IGNORED) == 1);
    assertThat(started.eventLoop().submit(started.gateway()::sessions).get()).isZero();
  }

  @Test
  void servesWithoutTheGroupsThatCannotBeJoined() throws Exception {
    RunningGateway started = start("mqtt://127.0.0.1:" + FreePort.find(), "no-such-card");
    InetSocketAddress dualStack = started.addresses().get(0);

    try (RawClient client =
        new RawClient(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), dualStack.getPort()))) {
      assertThat(client.ask(SEARCHGW)).isEqualTo(GWINFO);
    }
  }
}
