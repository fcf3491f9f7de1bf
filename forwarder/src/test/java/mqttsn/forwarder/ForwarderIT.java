package mqttsn.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.net.BindFailure;
import mqttsn.forwarder.core.Drop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A forwarder between sockets of this test: nodes on one side, a gateway on the other. */
class ForwarderIT {

  private static final Octets PINGREQ = Octets.hex("0216");
  private static final Octets PINGRESP = Octets.hex("0217");
  private static final Octets PROBE = Octets.hex("030101");

  private static final String ANY = "nodes: {listen: [\"127.0.0.1:0\"]}\n";

  @RegisterExtension private final Parts parts = new Parts();

  @Test
  void carriesADatagramToTheGatewayAndTheAnswerBack() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder forwarder = forwarder(gateway, "127.0.0.1:0");
    TestSocket node = parts.socket("127.0.0.1");

    assertThat(gateway.receive()).isEqualTo(PROBE);
    node.send(PINGREQ, forwarder.address());
    Octets encapsulated = gateway.receive();
    assertThat(encapsulated)
        .isEqualTo(Octets.hex("09FE007F000001" + "%04X".formatted(node.port()) + "0216"));

    gateway.answer("09FE007F000001" + "%04X".formatted(node.port()) + "0217");
    assertThat(node.receive()).isEqualTo(PINGRESP);
    await().until(forwarder.shell()::gatewayAnswers);
    await().untilAsserted(() -> assertThat(forwarder.shell().nodes()).isEqualTo(1));
  }

  @Test
  void carriesDatagramsOfIpv6NodesAndOfIpv4NodesOnOneSocket() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder forwarder = forwarder(gateway, "[::]:0");
    InetSocketAddress listening = forwarder.address();
    assertThat(gateway.receive()).isEqualTo(PROBE);

    for (String host : List.of("127.0.0.1", "::1")) {
      TestSocket node = parts.socket(host);
      node.send(PINGREQ, new InetSocketAddress(host, listening.getPort()));
      Octets encapsulated = gateway.receive();
      assertThat(encapsulated.size()).isEqualTo(host.equals("::1") ? 23 : 11);
      String header = encapsulated.toString();
      gateway.answer(header.substring(0, header.length() - 4) + "0217");
      assertThat(node.receive()).isEqualTo(PINGRESP);
    }
  }

  @Test
  void answersFromTheSocketThatTheNodeSpeaksTo() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder forwarder = forwarder(gateway, "127.0.0.1:0\", \"127.0.0.1:0");
    InetSocketAddress second = forwarder.shell().listening().get(1);
    assertThat(gateway.receive()).isEqualTo(PROBE);
    TestSocket node = parts.socket("127.0.0.1");

    node.send(PINGREQ, second);
    Octets unused = gateway.receive();
    gateway.answer("09FE007F000001" + "%04X".formatted(node.port()) + "0217");
    assertThat(node.receive()).isEqualTo(PINGRESP);
    assertThat(node.lastSender()).isEqualTo(second);
  }

  @Test
  void servesTheNodesOfTheForwarderBeforeItFromTheSamePort() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestSocket node = parts.socket("127.0.0.1");
    TestForwarder first = forwarder(gateway, "127.0.0.1:0");
    InetSocketAddress listening = first.address();
    InetSocketAddress source = first.shell().source();
    assertThat(gateway.receive()).isEqualTo(PROBE);
    parts.close(first);

    TestForwarder second =
        parts.forwarder(
            """
            nodes: {listen: ["127.0.0.1:%d"]}
            gateway: {address: "127.0.0.1:%d", source: "[::]:%d"}
            """
                .formatted(listening.getPort(), gateway.port(), source.getPort()));
    assertThat(gateway.receive()).isEqualTo(PROBE);
    assertThat(gateway.lastSender().getPort()).isEqualTo(source.getPort());
    // The node has not spoken to this forwarder; the gateway still has a message for it.
    gateway.answer("09FE007F000001" + "%04X".formatted(node.port()) + "0217");
    assertThat(node.receive()).isEqualTo(PINGRESP);
    assertThat(node.lastSender()).isEqualTo(second.address());
  }

  @Test
  void passesTwoForwardersWithoutNesting() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder outer = forwarder(gateway, "127.0.0.1:0");
    TestForwarder inner =
        parts.forwarder(
            """
            nodes: {listen: ["127.0.0.1:0"]}
            gateway: {address: "127.0.0.1:%d"}
            """
                .formatted(outer.address().getPort()));
    TestSocket node = parts.socket("127.0.0.1");
    assertThat(gateway.receive()).isEqualTo(PROBE);
    // The inner forwarder's question whether its gateway is there, as a node's SEARCHGW.
    assertThat(gateway.receive().toString()).startsWith("09FE00").endsWith("030101");

    node.send(PINGREQ, inner.address());
    String encapsulated = gateway.receive().toString();
    assertThat(encapsulated)
        .isEqualTo(
            "12FE00FF01067F000001%04X7F000001%04X0216"
                .formatted(inner.shell().source().getPort(), node.port()));
    gateway.answer(encapsulated.substring(0, 36) + "0217");
    assertThat(node.receive()).isEqualTo(PINGRESP);
  }

  @Test
  void findsAGatewayByItsName() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder unused =
        parts.forwarder("gateway: {address: \"localhost:%d\"}\n".formatted(gateway.port()) + ANY);
    assertThat(gateway.receive()).isEqualTo(PROBE);
  }

  @Test
  void countsWhatItDrops() throws Exception {
    TestSocket gateway = parts.socket("127.0.0.1");
    TestForwarder forwarder = forwarder(gateway, "127.0.0.1:0");
    TestSocket node = parts.socket("127.0.0.1");
    node.send(Octets.hex("0516"), forwarder.address());
    node.send(Octets.of(new byte[3_000]), forwarder.address());
    await()
        .untilAsserted(
            () ->
                assertThat(forwarder.running().counters().drops().of(Drop.MALFORMED)).isEqualTo(2));
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    TestSocket taken = parts.socket("127.0.0.1");
    assertThatThrownBy(() -> forwarder(taken, "127.0.0.1:" + taken.port()))
        .isInstanceOf(BindFailure.class)
        .hasMessage("cannot listen on UDP 127.0.0.1:%d: Address in use", taken.port());
  }

  private TestForwarder forwarder(TestSocket gateway, String listen)
      throws ConfigurationException, IOException {
    return parts.forwarder(
        """
        nodes: {listen: ["%s"]}
        gateway: {address: "127.0.0.1:%d"}
        """
            .formatted(listen, gateway.port()));
  }
}
