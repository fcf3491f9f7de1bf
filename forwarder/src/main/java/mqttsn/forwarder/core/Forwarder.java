package mqttsn.forwarder.core;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Advertise;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Encapsulation;
import mqttsn.codec.GwInfo;
import mqttsn.codec.MessageType;
import mqttsn.codec.Octets;
import mqttsn.codec.SearchGw;
import org.jspecify.annotations.Nullable;

/**
 * A forwarder (§5.5): what nodes send goes to the gateway, encapsulated with the id of the node;
 * what the gateway sends comes out of its encapsulation and goes to the node. Messages pass
 * unchanged and unread, but for discovery: ADVERTISE and GWINFO are broadcast to the nodes.
 *
 * <p>One thread calls it, and performs the actions after the call returned. {@code now} is
 * monotonic nanoseconds and never runs backwards.
 */
public final class Forwarder {

  /** A deadline for which nobody waits. */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * What bounds a forwarder.
   *
   * @param maxNodes how many nodes may be known at the same time
   * @param idleExpiry how long a node may be silent and still be known
   * @param silence how long a gateway may be silent before the next one is tried
   * @param nodesHearGroups whether a broadcast reaches nodes on UDP through a group; without one,
   *     each known node gets a copy
   */
  public record Limits(
      int maxNodes, Duration idleExpiry, Duration silence, boolean nodesHearGroups) {}

  private final NodeTable nodes;
  private final GatewayChoice gateways;
  private final boolean nodesHearGroups;

  private Forwarder(Limits limits, GatewayChoice gateways) {
    this.nodes = new NodeTable(limits.maxNodes(), limits.idleExpiry());
    this.gateways = gateways;
    this.nodesHearGroups = limits.nodesHearGroups();
  }

  /** A forwarder for the gateways that {@link #gateways} will name. */
  public static Forwarder toConfiguredGateways(Limits limits) {
    return new Forwarder(limits, GatewayChoice.fixed(limits.silence().toNanos()));
  }

  /**
   * A forwarder that finds its gateways by itself.
   *
   * @param searchAt when to send the first SEARCHGW: a random time up to T_SEARCHGW from now (§6.1)
   */
  public static Forwarder toDiscoveredGateways(Limits limits, long searchAt) {
    return new Forwarder(limits, GatewayChoice.discovering(limits.silence().toNanos(), searchAt));
  }

  /**
   * Takes a datagram from the node network.
   *
   * @param sender the node, or the other forwarder, whose datagram it is
   */
  public List<Action> fromNode(Node.Direct sender, Octets octets, long now) {
    Seen seen = Datagram.read(octets);
    if (!(seen instanceof Datagram datagram)) {
      return List.of((Drop) seen);
    }
    if (datagram.isFromDiscovery()) {
      return List.of(Drop.DISCOVERY_FROM_NODES);
    }
    Encapsulation header = datagram.header();
    Node node = header == null ? sender : new Node.Behind(sender, header.nodeId());
    Octets nodeId = NodeIds.of(node);
    if (nodeId == null) {
      return List.of(Drop.NODE_ID_TOO_LONG);
    }
    if (!nodes.admit(nodeId, node, now)) {
      return List.of(Drop.TOO_MANY_NODES);
    }
    InetSocketAddress gateway = gateways.inUse();
    if (gateway == null) {
      if (datagram.is(MessageType.SEARCHGW)) {
        gateways.searchSoon(now);
      }
      return List.of(Drop.NO_GATEWAY);
    }
    // The radius in Ctrl has a meaning only on the way back (§5.5).
    Datagram encapsulated = new Datagram(new Encapsulation(0, nodeId), datagram.message());
    return List.of(new Action.ToGateway(gateway, encapsulated));
  }

  /**
   * Takes a datagram from the gateways' side: from an address, or from a group where they speak.
   */
  public List<Action> fromGateway(InetSocketAddress sender, Octets octets, long now) {
    Seen seen = Datagram.read(octets);
    if (!(seen instanceof Datagram datagram)) {
      return List.of((Drop) seen);
    }
    Encapsulation header = datagram.header();
    if (header == null) {
      return fromDiscovery(sender, datagram, now);
    }
    if (!sender.equals(gateways.inUse())) {
      return List.of(Drop.NOT_OUR_GATEWAY);
    }
    gateways.heard(sender, now);
    if (NodeIds.isBroadcast(header.nodeId()) || datagram.is(MessageType.ADVERTISE)) {
      return datagram.isFromDiscovery()
          ? toAllNodes(header.radius(), datagram.message(), now)
          : List.of(Drop.BROADCAST_NOT_DISCOVERY);
    }
    Node node = nodes.find(header.nodeId(), now);
    if (node == null) {
      node = NodeIds.node(header.nodeId());
    }
    return node == null ? List.of(Drop.UNKNOWN_NODE) : toNode(node, header.radius(), datagram);
  }

  /** Names the gateways, the preferred one first; again whenever a name resolves differently. */
  public List<Action> gateways(List<InetSocketAddress> addresses, long now) {
    return gateways.configured(addresses, now);
  }

  /** Does what is due. A call too early is harmless. */
  public List<Action> timeout(long now) {
    return gateways.timeout(now);
  }

  /** When to call {@link #timeout}. */
  public long deadline() {
    return gateways.deadline();
  }

  /** The gateway in use, null if none is known. */
  public @Nullable InetSocketAddress gateway() {
    return gateways.inUse();
  }

  /** Whether there is a gateway that answers. */
  public boolean gatewayAnswers() {
    return gateways.answers();
  }

  /** How many nodes are known. */
  public int nodes(long now) {
    return nodes.size(now);
  }

  /** A gateway's message without encapsulation: for this forwarder, as for any client (§6.1). */
  private List<Action> fromDiscovery(InetSocketAddress sender, Datagram datagram, long now) {
    Decoded message = Decoder.toClient(datagram.message().toByteBuf());
    if (message instanceof Advertise advertise) {
      long intervalNanos = Duration.ofSeconds(advertise.durationSeconds()).toNanos();
      List<Action> actions =
          new ArrayList<>(gateways.found(sender, GatewayChoice.N_ADV * intervalNanos, now));
      if (sender.equals(gateways.inUse())) {
        actions.addAll(toAllNodes(0, datagram.message(), now));
      }
      return actions;
    }
    if (message instanceof GwInfo gwInfo) {
      // A GWINFO with GwAdd is of a client, and tells of an address in a form that it alone knows.
      return gwInfo.gwAdd().isEmpty()
          ? gateways.found(sender, GatewayChoice.GWINFO_NANOS, now)
          : List.of(Drop.GWINFO_OF_CLIENT);
    }
    // SEARCHGW is heard in the group from other searchers; gateways answer it, forwarders need not.
    return message instanceof SearchGw ? List.of() : List.of(Drop.NOT_ENCAPSULATED);
  }

  private List<Action> toNode(Node node, int radius, Datagram datagram) {
    Action toNode = copyTo(node, radius, datagram.message());
    boolean isBroadcast = datagram.is(MessageType.GWINFO) && node instanceof Node.Direct;
    if (!isBroadcast) {
      return List.of(toNode);
    }
    // GWINFO answers everybody who waits for one (§6.1); the asker may be in no group.
    Action toNodes = new Action.ToNodes(radius, Datagram.bare(datagram.message()));
    return isAloneOnItsLine(node) ? List.of(toNodes) : List.of(toNodes, toNode);
  }

  private List<Action> toAllNodes(int radius, Octets message, long now) {
    List<Action> actions = new ArrayList<>();
    actions.add(new Action.ToNodes(radius, Datagram.bare(message)));
    Set<Node.Direct> forwarders = forwarders(now);
    for (Node.Direct forwarder : forwarders) {
      actions.add(copyTo(new Node.Behind(forwarder, Octets.EMPTY), radius, message));
    }
    if (!nodesHearGroups) {
      for (Node node : nodes.all(now)) {
        // A forwarder asks for signs of life like a node; it has its copy.
        if (node instanceof Node.Udp udp && !forwarders.contains(udp)) {
          actions.add(copyTo(node, radius, message));
        }
      }
    }
    return actions;
  }

  /** The other forwarders whose nodes are known. */
  private Set<Node.Direct> forwarders(long now) {
    Set<Node.Direct> forwarders = new LinkedHashSet<>();
    for (Node node : nodes.all(now)) {
      if (node instanceof Node.Behind behind) {
        forwarders.add(behind.forwarder());
      }
    }
    return forwarders;
  }

  private static Action copyTo(Node node, int radius, Octets message) {
    if (node instanceof Node.Behind behind) {
      Encapsulation header = new Encapsulation(radius, behind.nodeId());
      return new Action.ToNode(behind.forwarder(), new Datagram(header, message));
    }
    return new Action.ToNode((Node.Direct) node, Datagram.bare(message));
  }

  /** On a serial line without prefixes a broadcast is the same frame as the answer. */
  private static boolean isAloneOnItsLine(Node node) {
    return node instanceof Node.Serial serial && serial.prefix().isEmpty();
  }
}
