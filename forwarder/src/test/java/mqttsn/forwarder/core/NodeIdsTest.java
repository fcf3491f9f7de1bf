package mqttsn.forwarder.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Random;
import mqttsn.codec.Octets;
import org.junit.jupiter.api.Test;

class NodeIdsTest {

  @Test
  void returnsEveryNodeFromItsId() throws UnknownHostException {
    Random random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      Node node = random.nextBoolean() ? direct(random) : behind(random);
      assertThat(NodeIds.node(id(node))).isEqualTo(node);
    }
  }

  @Test
  void takesAnyOctetsForANodeOrForNone() {
    Random random = new Random(55);
    for (int i = 0; i < 20_000; i++) {
      byte[] id = new byte[random.nextInt(40)];
      random.nextBytes(id);
      if (id.length > 1 && random.nextBoolean()) {
        id[0] = (byte) 0xFF;
        id[1] = (byte) random.nextInt(2);
      }
      Node node = NodeIds.node(Octets.of(id));
      if (node != null) {
        assertThat(NodeIds.of(node)).isNotNull();
      }
    }
  }

  @Test
  void keepsTheInterfaceOfALinkLocalAddress() throws UnknownHostException {
    byte[] ip = new byte[16];
    ip[0] = (byte) 0xFE;
    ip[1] = (byte) 0x80;
    ip[15] = 7;
    InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, ip, 3), 2000);
    Octets id = id(new Node.Udp(address, 0));

    assertThat(id).hasToString("FE80000000000000000000000000000707D000000003");
    assertThat(NodeIds.node(id))
        .isInstanceOfSatisfying(Node.Udp.class, node -> assertThat(scope(node)).isEqualTo(3));
  }

  @Test
  void refusesAnIdThatLeavesNoRoomForTheWay() {
    Node.Direct forwarder =
        new Node.Udp(new InetSocketAddress("192.0.2.1", 2000), Node.Udp.ANY_LISTENER);
    assertThat(NodeIds.of(new Node.Behind(forwarder, Octets.of(new byte[243])))).isNotNull();
    assertThat(NodeIds.of(new Node.Behind(forwarder, Octets.of(new byte[244])))).isNull();
  }

  @Test
  void takesEmptyAndAllOnesForEverybody() {
    assertThat(NodeIds.isBroadcast(Octets.EMPTY)).isTrue();
    assertThat(NodeIds.isBroadcast(Octets.hex("FF"))).isTrue();
    assertThat(NodeIds.isBroadcast(Octets.hex("FFFFFFFFFFFF"))).isTrue();
    assertThat(NodeIds.isBroadcast(Octets.hex("FF00"))).isFalse();
  }

  private static Octets id(Node node) {
    return Objects.requireNonNull(NodeIds.of(node));
  }

  private static int scope(Node.Udp node) {
    return ((Inet6Address) node.address().getAddress()).getScopeId();
  }

  private static Node behind(Random random) throws UnknownHostException {
    return new Node.Behind(direct(random), octets(random, random.nextInt(60)));
  }

  private static Node.Direct direct(Random random) throws UnknownHostException {
    if (random.nextInt(3) == 0) {
      return new Node.Serial(octets(random, random.nextInt(20)));
    }
    byte[] ip = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(ip);
    ip[0] = (byte) (0x20 + random.nextInt(0x10));
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByAddress(ip), 1 + random.nextInt(65_535));
    return new Node.Udp(address, Node.Udp.ANY_LISTENER);
  }

  private static Octets octets(Random random, int size) {
    byte[] octets = new byte[size];
    random.nextBytes(octets);
    return Octets.of(octets);
  }
}
