package mqttsn.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import mqttsn.codec.Connect;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encoder;
import mqttsn.codec.Message;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PubAck;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.Subscribe;
import mqttsn.gateway.testing.AllocatedBytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a message costs in octets of garbage between the datagram and the MQTT packet, so that a
 * regression is red without a clock.
 *
 * <p>Counted with compressed references and without the help of escape analysis; a JVM that saves
 * objects stays below. The octets of the message and its records are in it, buffers are not.
 */
class AllocationBudgetTest {

  private static final int WARM_UP = 2_000;
  private static final int MEASURED = 5_000;

  private final ClientAddress client = Addresses.of("a");
  private final ClientAddress stranger = Addresses.of("b");
  private Gateway gateway = new Gateway(new TestSettings().build(), 0);
  private BrokerLink link = new BrokerLink(1);
  private final ByteBuf out = Unpooled.buffer(256);
  private final Octets payload = Octets.utf8("x".repeat(30));
  private final BrokerEvent.PubAck[] pubAcks = new BrokerEvent.PubAck[0x10000];
  private final ByteBuf publish =
      encoded(new Publish(false, Qos.ONE, false, new NormalId(1), 1, payload));
  private final ByteBuf unacknowledged =
      encoded(new Publish(false, Qos.ZERO, false, new NormalId(1), 0, payload));
  private final ByteBuf pubAck = encoded(new PubAck(1, 1, ReturnCode.ACCEPTED));
  private final BrokerEvent delivery =
      new BrokerEvent.Publish(
          7, "a/b", payload, Qos.ONE, false, false, SubscriptionIdentifiers.NONE);

  @BeforeEach
  void connectsRegistersAndSubscribes() {
    for (int identifier = 1; identifier < pubAcks.length; identifier++) {
      pubAcks[identifier] = new BrokerEvent.PubAck(identifier, ReturnCode.ACCEPTED);
    }
    gateway.start(0);
    fromClient(new Connect(false, true, 0, "c"));
    gateway.fromBroker(link, new BrokerEvent.Connected(false, BrokerLimits.MQTT_3_1_1), 0);
    fromClient(new Register(0, 1, "a/b"));
    fromClient(new Subscribe(false, Qos.ONE, 2, new Named("a/b")));
    gateway.fromBroker(link, new BrokerEvent.SubAck(1, ReturnCode.ACCEPTED, Qos.ONE), 0);
  }

  @Test
  void publishWithQosOneUpToItsAcknowledgement() {
    assertThat(bytesPerRound(this::publishWithQosOne)).isLessThanOrEqualTo(448);
  }

  @Test
  void publishWithQosOneOverASharedConnection() {
    TestSettings settings = new TestSettings();
    settings.with("connections", "1");
    gateway = new Gateway(settings.build(), 0);
    link = BrokerLink.GATEWAY;
    connectsRegistersAndSubscribes();

    assertThat(bytesPerRound(this::publishWithQosOne)).isLessThanOrEqualTo(1_024);
  }

  @Test
  void publishWithQosZero() {
    assertThat(bytesPerRound(() -> perform(received(client, unacknowledged))))
        .isLessThanOrEqualTo(256);
  }

  @Test
  void deliveryWithQosOneUpToItsAcknowledgement() {
    assertThat(bytesPerRound(this::deliverWithQosOne)).isLessThanOrEqualTo(368);
  }

  @Test
  void datagramOfStranger() {
    assertThat(bytesPerRound(() -> perform(received(stranger, publish)))).isLessThanOrEqualTo(192);
  }

  private void publishWithQosOne() {
    List<Action> actions = received(client, publish);
    Action.Command command = (Action.Command) actions.get(0);
    int identifier = ((BrokerCommand.Publish) command.command()).packetIdentifier();
    perform(gateway.fromBroker(link, pubAcks[identifier], 0));
  }

  private void deliverWithQosOne() {
    List<Action> actions = gateway.fromBroker(link, delivery, 0);
    perform(actions);
    Publish sent = (Publish) ((Action.Send) actions.get(0)).message();
    pubAck.setShort(4, sent.msgId());
    perform(received(client, pubAck));
  }

  private List<Action> received(ClientAddress from, ByteBuf datagram) {
    datagram.readerIndex(0);
    return gateway.fromClient(from, Decoder.toGateway(datagram), 0);
  }

  private void perform(List<Action> actions) {
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i) instanceof Action.Send send) {
        out.clear();
        Encoder.encode(send.message(), out);
      }
    }
  }

  private void fromClient(Message message) {
    perform(received(client, encoded(message)));
  }

  private static ByteBuf encoded(Message message) {
    ByteBuf buffer = Unpooled.buffer(64);
    Encoder.encode(message, buffer);
    return buffer;
  }

  private static long bytesPerRound(Runnable round) {
    return AllocatedBytes.perRound(WARM_UP, MEASURED, round);
  }
}
