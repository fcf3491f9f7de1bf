package mqttsn.forwarder.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import mqttsn.codec.Octets;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What holds for any datagram at all, from seeded randomness. */
class AnyDatagramTest {

  private static final int DATAGRAMS = 2_000;
  private static final int MAX_NODES = 100;
  private static final InetSocketAddress GATEWAY = new InetSocketAddress("192.0.2.1", 1884);

  /** Beginnings that lead into every branch: encapsulation, long Length, discovery, a message. */
  private static final List<String> BEGINNINGS =
      List.of("", "04FE0001", "09FE00C0A8010707D0", "0DFE00FF0106C0A8010707D001", "0100", "0301");

  private final Forwarder forwarder =
      Forwarder.toConfiguredGateways(
          new Forwarder.Limits(MAX_NODES, Duration.ofHours(1), Duration.ofSeconds(30), false));

  @RepeatedTest(10)
  void everyDatagramOfANodeIsForwardedOrDroppedAndCanBeAnswered(RepetitionInfo repetition)
      throws UnknownHostException {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Action> unused = forwarder.gateways(List.of(GATEWAY), 0);
    for (int i = 0; i < DATAGRAMS; i++) {
      Node.Direct sender = sender(random);
      Octets octets = datagram(random);
      List<Action> actions = forwarder.fromNode(sender, octets, i);
      assertThat(actions).as("%s", octets).hasSize(1);
      if (actions.get(0) instanceof Action.ToGateway toGateway) {
        assertThat(toGateway.gateway()).isEqualTo(GATEWAY);
        assertThat(toGateway.datagram().message().size()).isLessThanOrEqualTo(octets.size());
        isAnswered(sender, octets, toGateway.datagram(), i);
      } else {
        assertThat(actions.get(0)).isInstanceOf(Drop.class);
      }
      assertThat(forwarder.nodes(i)).isLessThanOrEqualTo(MAX_NODES);
    }
  }

  @RepeatedTest(10)
  void noDatagramFromTheGatewaysSideDoesHarm(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Action> unused = forwarder.gateways(List.of(GATEWAY), 0);
    InetSocketAddress stranger = new InetSocketAddress("192.0.2.2", 1884);
    for (int i = 0; i < DATAGRAMS; i++) {
      Octets octets = datagram(random);
      assertThat(forwarder.fromGateway(stranger, octets, i))
          .as("%s", octets)
          .allMatch(Drop.class::isInstance);
      assertThat(forwarder.fromGateway(GATEWAY, octets, i))
          .as("%s", octets)
          .noneMatch(Action.ToGateway.class::isInstance);
    }
    assertThat(forwarder.gateway()).isEqualTo(GATEWAY);
  }

  /** The gateway's answer under the same header reaches who sent, as it expects it. */
  private void isAnswered(Node.Direct sender, Octets sent, Datagram forwarded, long now) {
    Octets pingResp = Octets.hex("0217");
    Datagram answer = new Datagram(forwarded.header(), pingResp);
    boolean isFromForwarder = forwarded.message().size() < sent.size();
    int header = sent.size() - forwarded.message().size();
    Octets expected =
        isFromForwarder
            ? Octets.hex(sent.toString().substring(0, 2 * header) + pingResp)
            : pingResp;
    assertThat(forwarder.fromGateway(GATEWAY, octets(answer), now))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.ToNode.class,
            toNode -> {
              assertThat(toNode.node()).isEqualTo(sender);
              assertThat(ctrlCleared(octets(toNode.datagram()))).isEqualTo(ctrlCleared(expected));
            });
  }

  /** Ctrl is the forwarder's own: an answer has none of the bits that a node may have set. */
  private static String ctrlCleared(Octets datagram) {
    String hex = datagram.toString();
    boolean isEncapsulated = hex.startsWith("FE", 2);
    return isEncapsulated ? hex.substring(0, 4) + "00" + hex.substring(6) : hex;
  }

  private static Octets octets(Datagram datagram) {
    ByteBuf out = Unpooled.buffer(datagram.octets());
    datagram.writeTo(out);
    return Octets.copyOf(out, 0, out.readableBytes());
  }

  private static Node.Direct sender(Random random) throws UnknownHostException {
    if (random.nextInt(4) == 0) {
      return new Node.Serial(Octets.of((byte) random.nextInt(8)));
    }
    byte[] ip = {(byte) 192, (byte) 168, 1, (byte) random.nextInt(50)};
    return new Node.Udp(new InetSocketAddress(InetAddress.getByAddress(ip), 2000), 0);
  }

  /** Random octets behind a beginning; in half of the datagrams the message's Length is right. */
  private static Octets datagram(Random random) {
    byte[] tail = new byte[random.nextInt(12)];
    random.nextBytes(tail);
    if (tail.length > 1 && random.nextBoolean()) {
      tail[0] = (byte) tail.length;
      tail[1] = (byte) random.nextInt(0x20);
    }
    String beginning = BEGINNINGS.get(random.nextInt(BEGINNINGS.size()));
    return Octets.hex(beginning + Octets.of(tail));
  }
}
