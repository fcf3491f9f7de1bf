package mqttsn.forwarder.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import mqttsn.codec.Octets;
import mqttsn.forwarder.core.Action;
import mqttsn.forwarder.core.Datagram;
import mqttsn.forwarder.core.Forwarder;
import mqttsn.forwarder.core.Node;

/**
 * Nodes, two real forwarders, one of them behind the other, and two gateways that answer and fail,
 * in virtual time, over a network that loses, doubles and delays. All of it follows from one seed.
 */
final class ForwarderWorld {

  private static final long SECOND = 1_000_000_000L;
  private static final long CHAOS = 1_800 * SECOND;
  private static final long CALM = 300 * SECOND;
  private static final int NODES = 10;
  private static final int MAX_NODES = 24;

  private static final InetSocketAddress OUTER = new InetSocketAddress("192.0.2.1", 1_885);

  /** It never moves. */
  private static final InetSocketAddress INNER = new InetSocketAddress("192.0.2.2", 1_885);

  private static final List<InetSocketAddress> GATEWAYS =
      List.of(new InetSocketAddress("192.0.2.3", 1_884), new InetSocketAddress("192.0.2.4", 1_884));

  private static final Octets GWINFO = Octets.hex("030201");
  private static final Octets ADVERTISE = Octets.hex("0500010384");
  private static final Forwarder.Limits LIMITS =
      new Forwarder.Limits(MAX_NODES, Duration.ofMinutes(1), Duration.ofSeconds(30), true);

  private record Event(long at, long order, Runnable what) {}

  private final Random random;

  /** What becomes of a datagram between the outer forwarder and a gateway. */
  private final UnaryOperator<Octets> wire;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));

  private final Forwarder outer = Forwarder.toConfiguredGateways(LIMITS);
  private final Forwarder inner = Forwarder.toConfiguredGateways(LIMITS);

  /** Where a node is; the first ones speak to the outer forwarder, the others to the inner one. */
  private final List<InetSocketAddress> addresses = new ArrayList<>();

  private final Set<InetSocketAddress> down = new HashSet<>();
  private final Map<Octets, InetSocketAddress> byNodeId = new HashMap<>();

  /** Every message of a node, and where from it was sent. */
  private final Map<String, InetSocketAddress> sent = new HashMap<>();

  private final Set<String> arrived = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private long now;
  private long order;
  private int nextPort = 1_000;

  /**
   * @param wire what becomes of a datagram between forwarder and gateway, in both directions
   */
  ForwarderWorld(long seed, UnaryOperator<Octets> wire) {
    this.random = new Random(seed);
    this.wire = wire;
  }

  /** How many messages a gateway got, and how many answers a node got. */
  record Outcome(int arrived, int answered) {}

  /**
   * Half an hour of chaos, then calm in which every message has to arrive and to be answered.
   *
   * @throws AssertionError if something does not hold
   */
  Outcome live() {
    perform(outer, outer.gateways(GATEWAYS, now));
    perform(inner, inner.gateways(List.of(OUTER), now));
    for (int node = 0; node < NODES; node++) {
      addresses.add(freshAddress());
      scheduleLife(node);
    }
    at(SECOND, this::disturb);
    run(CHAOS);
    down.clear();
    run(CHAOS + CALM / 2);
    Set<String> before = new HashSet<>(sent.keySet());
    run(CHAOS + CALM);
    Set<String> missing = new HashSet<>(sent.keySet());
    missing.removeAll(before);
    missing.removeAll(answered);
    missing.removeIf(this::isRecent);
    check(
        missing.isEmpty(),
        "never answered in the calm: " + missing.stream().sorted().limit(3).toList());
    return new Outcome(arrived.size(), answered.size());
  }

  private boolean isCalm() {
    return now >= CHAOS;
  }

  // --- the nodes

  private void scheduleLife(int node) {
    at(now + random.nextLong(4 * SECOND), () -> act(node));
  }

  private void act(int node) {
    if (!isCalm() && random.nextInt(60) == 0) {
      addresses.set(node, freshAddress());
    }
    String payload = node + ":" + now;
    InetSocketAddress from = addresses.get(node);
    sent.put(payload, from);
    Octets publish = publish(payload);
    carry(() -> fromNode(forwarderOf(node), from, publish));
    scheduleLife(node);
  }

  private Forwarder forwarderOf(int node) {
    return node < NODES / 2 ? outer : inner;
  }

  private void reachesNode(InetSocketAddress address, Octets message) {
    int node = addresses.indexOf(address);
    if (node < 0 || message.equals(GWINFO) || message.equals(ADVERTISE)) {
      return;
    }
    String payload = payloadOf(message);
    check(payload.startsWith("answer "), "no gateway has sent " + message);
    String asked = payload.substring("answer ".length());
    check(asked.startsWith(node + ":"), "node " + node + " gets the answer to " + asked);
    answered.add(asked);
  }

  // --- the forwarders

  private void fromNode(Forwarder forwarder, InetSocketAddress from, Octets octets) {
    List<Action> actions = forwarder.fromNode(new Node.Udp(from, 0), octets, now);
    check(actions.size() == 1, "neither forwarded nor dropped with a reason: " + octets);
    perform(forwarder, actions);
  }

  private void perform(Forwarder forwarder, List<Action> actions) {
    check(forwarder.nodes(now) <= MAX_NODES, "more nodes than allowed");
    for (Action action : actions) {
      if (action instanceof Action.ToGateway toGateway) {
        Octets octets = octets(toGateway.datagram());
        if (forwarder == inner) {
          carry(() -> fromNode(outer, INNER, octets));
        } else {
          Octets onWire = wire.apply(octets);
          carry(() -> reachesGateway(toGateway.gateway(), onWire));
        }
      } else if (action instanceof Action.ToNode toNode && toNode.node() instanceof Node.Udp udp) {
        Octets octets = octets(toNode.datagram());
        if (udp.address().equals(INNER)) {
          carry(() -> perform(inner, inner.fromGateway(OUTER, octets, now)));
        } else {
          carry(() -> reachesNode(udp.address(), octets));
        }
      }
    }
    long deadline = forwarder.deadline();
    check(deadline > now, "a deadline in the past");
    if (deadline != Forwarder.NEVER) {
      at(deadline, () -> timeout(forwarder, deadline));
    }
  }

  private void timeout(Forwarder forwarder, long deadline) {
    if (forwarder.deadline() <= deadline) {
      perform(forwarder, forwarder.timeout(now));
    }
  }

  // --- the gateways

  private void reachesGateway(InetSocketAddress gateway, Octets octets) {
    if (down.contains(gateway)) {
      return;
    }
    int header = octets.at(0) & 0xFF;
    if (header == octets.size()) {
      answer(gateway, Octets.EMPTY, GWINFO); // the forwarder's own question
      return;
    }
    check((octets.at(1) & 0xFF) == 0xFE, "not encapsulated: " + octets);
    Octets nodeId = part(octets, 0, header);
    Octets message = part(octets, header, octets.size());
    if (message.at(1) == 0x01) {
      answer(gateway, nodeId, GWINFO);
      return;
    }
    String payload = payloadOf(message);
    InetSocketAddress from = sent.get(payload);
    check(from != null && message.equals(publish(payload)), "nobody sent " + message);
    arrived.add(payload);
    InetSocketAddress before = byNodeId.putIfAbsent(nodeId, from);
    check(before == null || before.equals(from), "a node id of two nodes: " + nodeId);
    answer(gateway, nodeId, publish("answer " + payload));
  }

  private void answer(InetSocketAddress gateway, Octets header, Octets message) {
    Octets octets = wire.apply(Octets.hex(header.toString() + message));
    carry(() -> perform(outer, outer.fromGateway(gateway, octets, now)));
  }

  // --- what happens to them

  private void disturb() {
    if (isCalm()) {
      return;
    }
    InetSocketAddress gateway = GATEWAYS.get(random.nextInt(2));
    switch (random.nextInt(6)) {
      case 0 -> down.add(gateway);
      case 1 -> down.remove(gateway);
      case 2 -> carry(() -> perform(outer, outer.fromGateway(gateway, noise(), now)));
      case 3 -> carry(() -> fromNode(outer, GATEWAYS.get(0), noise()));
      case 4 -> carry(() -> perform(outer, outer.fromGateway(gateway, ADVERTISE, now)));
      default -> carry(() -> perform(outer, outer.fromGateway(OUTER, publish("forged"), now)));
    }
    at(now + random.nextLong(20 * SECOND), this::disturb);
  }

  /** Octets with a Length that is not theirs. */
  private Octets noise() {
    byte[] octets = new byte[1 + random.nextInt(8)];
    random.nextBytes(octets);
    octets[0] = (byte) (octets.length + 2);
    return Octets.of(octets);
  }

  private void carry(Runnable arrival) {
    if (isCalm()) {
      at(now + SECOND / 100, arrival);
      return;
    }
    int copies = random.nextInt(10) == 0 ? 0 : random.nextInt(10) == 0 ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      boolean isLate = random.nextInt(10) == 0;
      at(now + random.nextLong(isLate ? 4 * SECOND : SECOND / 10), arrival);
    }
  }

  // --- time, and octets

  private void at(long time, Runnable what) {
    events.add(new Event(time, order++, what));
  }

  private void run(long until) {
    long inThisInstant = 0;
    while (!events.isEmpty() && events.peek().at() <= until) {
      Event next = events.remove();
      inThisInstant = next.at() == now ? inThisInstant + 1 : 0;
      check(inThisInstant < 1_000, "a timer that spins");
      now = Math.max(now, next.at());
      next.what().run();
    }
    now = until;
  }

  private InetSocketAddress freshAddress() {
    return new InetSocketAddress("192.0.2.7", nextPort++);
  }

  private boolean isRecent(String payload) {
    return Long.parseLong(payload.substring(payload.indexOf(':') + 1)) > now - SECOND;
  }

  private static Octets publish(String payload) {
    Octets data = Octets.utf8(payload);
    return Octets.hex("%02X0C60000A0000".formatted(7 + data.size()) + data);
  }

  private static String payloadOf(Octets publish) {
    check(publish.size() > 7 && publish.at(1) == 0x0C, "no PUBLISH: " + publish);
    return part(publish, 7, publish.size()).toUtf8String();
  }

  private static Octets octets(Datagram datagram) {
    ByteBuf octets = Unpooled.buffer(datagram.octets());
    datagram.writeTo(octets);
    return Octets.copyOf(octets, 0, octets.readableBytes());
  }

  private static Octets part(Octets octets, int from, int to) {
    return Octets.hex(octets.toString().substring(2 * from, 2 * to));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
