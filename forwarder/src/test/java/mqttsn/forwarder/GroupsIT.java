package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import mqttsn.codec.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Multicast groups on the loopback interface. */
class GroupsIT {

  private static final String GROUP = "239.255.72.1";
  private static final int PATIENCE_MILLIS = 5_000;

  @RegisterExtension private final Parts parts = new Parts();

  @Test
  void broadcastsToTheGroupOfTheNodesAndHearsThemThere() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    int port = freePort();
    TestForwarder forwarder =
        parts.forwarder(
            """
            nodes: {listen: ["127.0.0.1:0"], groups: ["%s:%d"], interface: lo}
            gateway: {address: "127.0.0.1:%d"}
            """
                .formatted(GROUP, port, gateway.port()));
    assertThat(gateway.receive()).hasToString("030101");
    MulticastSocket member = member(port);
    TestSocket node = parts.socket("127.0.0.1");

    multicast(node, "030102", port);
    String id = "7F000001%04X".formatted(node.port());
    assertThat(gateway.receive()).hasToString("09FE00" + id + "030102");
    gateway.answer("09FE02" + id + "030201");

    InetSocketAddress listening = forwarder.address();
    assertThat(node.receive()).hasToString("030201");
    assertThat(node.lastSender()).isEqualTo(listening);
    DatagramPacket heard = receive(member);
    assertThat(octets(heard)).hasToString("030102");
    heard = receive(member);
    assertThat(octets(heard)).hasToString("030201");
    assertThat(heard.getSocketAddress()).isEqualTo(listening);
  }

  @Test
  void findsItsGatewayInTheGroupAndTellsTheNodes() throws Exception {
    int port = freePort();
    MulticastSocket gatewaysMember = member(port);
    TestForwarder forwarder =
        parts.forwarder(
            """
            nodes: {listen: ["127.0.0.1:0"]}
            gateway: {discover: ["%s:%d"], interface: lo, source: "127.0.0.1:0", t-search-gw: 0s}
            """
                .formatted(GROUP, port));
    TestSocket node = parts.socket("127.0.0.1");
    node.send(Octets.hex("0216"), forwarder.address());

    DatagramPacket search = receive(gatewaysMember);
    assertThat(octets(search)).hasToString("030100");
    TestSocket gateway = parts.socket("127.0.0.1");
    gateway.send(Octets.hex("030207"), (InetSocketAddress) search.getSocketAddress());
    assertThat(gateway.receive()).hasToString("030101");
    assertThat(forwarder.shell().gateway()).isEqualTo(gateway.address());

    multicast(gateway, "0500070384", port);
    assertThat(node.receive()).hasToString("0500070384");
  }

  private MulticastSocket member(int port) throws IOException {
    MulticastSocket member = new MulticastSocket(port);
    parts.add(member);
    member.setSoTimeout(PATIENCE_MILLIS);
    member.joinGroup(new InetSocketAddress(GROUP, port), loopback());
    return member;
  }

  private static void multicast(TestSocket sender, String hex, int port) throws IOException {
    sender.option(StandardSocketOptions.IP_MULTICAST_IF, loopback());
    sender.send(Octets.hex(hex), new InetSocketAddress(GROUP, port));
  }

  private static NetworkInterface loopback() throws IOException {
    return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
    socket.receive(packet);
    return packet;
  }

  private static Octets octets(DatagramPacket packet) {
    return Octets.of(Arrays.copyOf(packet.getData(), packet.getLength()));
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    }
  }
}
