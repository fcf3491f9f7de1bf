package mqttsn.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.SubscriptionIdentifiers;
import mqttsn.topic.PredefinedTopics;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The core of a transparent gateway with the codec in front of it: one message after the other, of
 * one client after the other. Sockets and MQTT packets are not in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoreBenchmark {

  private static final InetAddress HOST = InetAddress.getLoopbackAddress();
  private static final int FIRST_PORT = 10_000;
  private static final String TOPIC = "a/b";

  /** How many are connected. */
  @Param({"100", "10000"})
  public int clients;

  private final Octets payload = Octets.utf8("x".repeat(64));
  private final ByteBuf out = Unpooled.directBuffer(256);
  private final ByteBuf publish = publish(Qos.ONE, 1);
  private final ByteBuf unacknowledged = publish(Qos.ZERO, 0);
  private final ByteBuf pubAck = datagram(new PubAck(1, 1, ReturnCode.ACCEPTED));
  private final BrokerEvent delivery =
      new BrokerEvent.Publish(
          7, TOPIC, payload, Qos.ONE, false, false, SubscriptionIdentifiers.NONE);
  private final Configuration defaults = Configuration.defaults();
  private final Gateway gateway =
      new Gateway(CoreSettings.of(defaults, PredefinedTopics.NONE, 1), 0);
  private BrokerLink[] links = {};
  private int next;
  private long now;

  private static ByteBuf datagram(Message message) {
    ByteBuf datagram = Unpooled.directBuffer(Encoder.encodedLength(message));
    Encoder.encode(message, datagram);
    return datagram;
  }

  private ByteBuf publish(Qos qos, int msgId) {
    return datagram(new Publish(false, qos, false, new NormalId(1), msgId, payload));
  }

  /** Every client connects, registers and subscribes to one topic. */
  @Setup
  public void connect() {
    gateway.start(now);
    links = new BrokerLink[clients];
    for (int client = 0; client < clients; client++) {
      now += TimeUnit.MILLISECONDS.toNanos(10);
      BrokerLink link = new BrokerLink(client + 1L);
      links[client] = link;
      fromClient(client, datagram(new Connect(false, true, 0, "client-" + client)));
      fromBroker(link, new BrokerEvent.Connected(false, BrokerLimits.MQTT_3_1_1));
      fromClient(client, datagram(new Register(0, 1, TOPIC)));
      fromClient(client, datagram(new Subscribe(false, Qos.ONE, 2, new Named(TOPIC))));
      fromBroker(link, new BrokerEvent.SubAck(1, ReturnCode.ACCEPTED, Qos.ONE));
    }
    if (gateway.sessions() != clients) {
      throw new IllegalStateException("only " + gateway.sessions() + " sessions");
    }
  }

  /** PUBLISH of a client up to its PUBACK. */
  @Benchmark
  public ByteBuf publishWithQosOne() {
    int client = nextClient();
    Action.Command command = (Action.Command) fromClient(client, publish).get(0);
    int identifier = ((BrokerCommand.Publish) command.command()).packetIdentifier();
    return sent(fromBroker(links[client], new BrokerEvent.PubAck(identifier, ReturnCode.ACCEPTED)));
  }

  /** PUBLISH of a client. */
  @Benchmark
  public List<Action> publishWithQosZero() {
    return fromClient(nextClient(), unacknowledged);
  }

  /** PUBLISH of the broker up to the PUBACK of the client. */
  @Benchmark
  public List<Action> deliverWithQosOne() {
    int client = nextClient();
    ByteBuf datagram = sent(fromBroker(links[client], delivery));
    // Length, MsgType, Flags, TopicId, MsgId; in PUBACK there are no Flags.
    pubAck.setShort(4, datagram.getUnsignedShort(5));
    return fromClient(client, pubAck);
  }

  private int nextClient() {
    next = next + 1 == clients ? 0 : next + 1;
    now += TimeUnit.MICROSECONDS.toNanos(10);
    return next;
  }

  /** As the shell does it: each datagram has an address of its own. */
  private List<Action> fromClient(int client, ByteBuf datagram) {
    InetSocketAddress socket = new InetSocketAddress(HOST, FIRST_PORT + client);
    return gateway.fromClient(new ClientAddress(0, socket, null), Decoder.toGateway(datagram), now);
  }

  private List<Action> fromBroker(BrokerLink link, BrokerEvent event) {
    return gateway.fromBroker(link, event, now);
  }

  /** The datagram that the first action sends. */
  private ByteBuf sent(List<Action> actions) {
    Encoder.encode(((Action.Send) actions.get(0)).message(), out.clear());
    return out;
  }
}
