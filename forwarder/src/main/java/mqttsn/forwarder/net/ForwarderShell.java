package mqttsn.forwarder.net;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mqttsn.codec.Octets;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.net.BindFailure;
import mqttsn.daemon.net.Groups;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.net.UdpSocket;
import mqttsn.forwarder.config.Gateways;
import mqttsn.forwarder.config.Nodes;
import mqttsn.forwarder.core.Action;
import mqttsn.forwarder.core.Datagram;
import mqttsn.forwarder.core.Drop;
import mqttsn.forwarder.core.Forwarder;
import mqttsn.forwarder.core.Node;
import mqttsn.forwarder.net.Counters.Traffic;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The sockets of a forwarder and the event loop that feeds its core: one datagram in, then its
 * actions. Everything below the public methods runs in the loop.
 */
public final class ForwarderShell {

  private final EventLoop loop;
  private final Counters counters;
  private final Forwarder forwarder;
  private final List<UdpSocket> listeners;
  private final UdpSocket uplink;
  private final Groups nodeGroups;
  private final Groups gatewayGroups;
  private final WaysOut out;
  private final GatewayNames names;
  private final @Nullable SerialSide serial;
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt = Forwarder.NEVER;
  private @Nullable ScheduledFuture<?> counting;
  private volatile @Nullable InetSocketAddress gateway;
  private volatile boolean gatewayAnswers;
  private volatile int nodeCount;

  private ForwarderShell(
      EventLoop loop,
      Transport transport,
      Nodes nodes,
      Gateways gateways,
      Sockets sockets,
      @Nullable SerialSide serial,
      Counters counters) {
    this.loop = loop;
    this.counters = counters;
    this.serial = serial;
    this.listeners = sockets.listeners();
    this.uplink = sockets.uplink();
    this.nodeGroups = new Groups("nodes", loop, transport, nodeSide(nodes), listeners);
    this.gatewayGroups =
        new Groups("gateway", loop, transport, gatewaySide(nodes), List.of(uplink));
    this.out =
        new WaysOut(
            listeners, uplink, nodeGroups, gatewayGroups, serial, nodes.maxHops(), counters);
    this.names = new GatewayNames(loop, transport, gateways.named(), this::namesResolved);
    this.forwarder = forwarder(nodes, gateways);
  }

  private record Sockets(List<UdpSocket> listeners, UdpSocket uplink) {}

  /**
   * Binds the sockets, joins the groups and begins to forward. Blocks; not for the event loop.
   *
   * @param loop of a group with {@link Transport#ioHandler}
   * @param serial the line that {@link Nodes#serial} names
   * @throws BindFailure if an address cannot be bound; none is bound then
   */
  public static ForwarderShell start(
      EventLoop loop,
      Transport transport,
      Nodes nodes,
      Gateways gateways,
      @Nullable SerialSide serial,
      Counters counters)
      throws BindFailure {
    List<UdpSocket> bound = new ArrayList<>();
    try {
      for (Endpoint endpoint : nodes.listen()) {
        UdpSocket socket = UdpSocket.bind(loop, transport, address(endpoint), nodeSide(nodes));
        bound.add(socket);
        Logger.info("listening for nodes on UDP {}", toSocketAddressString(socket.local()));
      }
      UdpSocket uplink =
          UdpSocket.bind(loop, transport, address(gateways.source()), gatewaySide(nodes));
      Sockets sockets = new Sockets(List.copyOf(bound), uplink);
      ForwarderShell shell =
          new ForwarderShell(loop, transport, nodes, gateways, sockets, serial, counters);
      shell.nodeGroups.join(nodes.groups(), nodes.interface_());
      shell.gatewayGroups.join(gateways.discover(), gateways.interface_());
      loop.submit(shell::open).syncUninterruptibly();
      return shell;
    } catch (BindFailure e) {
      bound.forEach(UdpSocket::close);
      throw e;
    }
  }

  private static Forwarder forwarder(Nodes nodes, Gateways gateways) {
    Forwarder.Limits limits =
        new Forwarder.Limits(
            nodes.max(), nodes.idleExpiry(), gateways.silence(), !nodes.groups().isEmpty());
    if (gateways.discover().isEmpty()) {
      return Forwarder.toConfiguredGateways(limits);
    }
    long delay = ThreadLocalRandom.current().nextLong(gateways.tSearchGw().toNanos() + 1);
    return Forwarder.toDiscoveredGateways(limits, System.nanoTime() + delay);
  }

  private static UdpSocket.Options nodeSide(Nodes nodes) {
    return options(nodes, nodes.maxDatagram());
  }

  private static UdpSocket.Options gatewaySide(Nodes nodes) {
    return options(nodes, nodes.maxDatagram() + Datagram.MAX_HEADER_OCTETS);
  }

  private static UdpSocket.Options options(Nodes nodes, int maxDatagramBytes) {
    return new UdpSocket.Options(maxDatagramBytes, nodes.receiveBuffer().intBytes(), false);
  }

  /** Where nodes are heard, in the order of the configuration, with the ports really taken. */
  public List<InetSocketAddress> listening() {
    return listeners.stream().map(UdpSocket::local).toList();
  }

  /** Where datagrams to the gateway leave. */
  public InetSocketAddress source() {
    return uplink.local();
  }

  /** The gateway in use, null if none is known. Any thread may ask. */
  public @Nullable InetSocketAddress gateway() {
    return gateway;
  }

  /** Whether there is a gateway that answers. Any thread may ask. */
  public boolean gatewayAnswers() {
    return gatewayAnswers;
  }

  /** How many nodes are known. Any thread may ask; what it hears may be a second old. */
  public int nodes() {
    return nodeCount;
  }

  /** Sends what is waiting and closes the sockets. Blocks; not for the event loop. */
  public void close() {
    loop.submit(this::stop).syncUninterruptibly();
    nodeGroups.close();
    gatewayGroups.close();
    listeners.forEach(UdpSocket::close);
    uplink.close();
    if (serial != null) {
      serial.close();
    }
  }

  private void open() {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).read(new NodeReader(i));
    }
    nodeGroups.read(new NodeReader(Node.Udp.ANY_LISTENER));
    GatewayReader gatewayReader = new GatewayReader();
    uplink.read(gatewayReader);
    gatewayGroups.read(gatewayReader);
    if (serial != null) {
      serial.open((node, datagram) -> loop.execute(() -> input(() -> fromNode(node, datagram))));
    }
    names.resolve();
    setTimer();
    counting = loop.scheduleAtFixedRate(this::countNodes, 1, 1, TimeUnit.SECONDS);
  }

  private void stop() {
    names.close();
    if (counting != null) {
      counting.cancel(false);
    }
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void countNodes() {
    nodeCount = forwarder.nodes(System.nanoTime());
  }

  private void namesResolved(List<InetSocketAddress> addresses) {
    input(() -> forwarder.gateways(addresses, System.nanoTime()));
  }

  private List<Action> fromNode(Node.Direct node, Octets datagram) {
    counters.traffic().increment(Traffic.FROM_NODES);
    return forwarder.fromNode(node, datagram, System.nanoTime());
  }

  /** Performs the actions that an input brings about. A fault ends this input, not the daemon. */
  private void input(Supplier<List<Action>> input) {
    try {
      input.get().forEach(this::perform);
    } catch (RuntimeException e) {
      counters.traffic().increment(Traffic.FAULTS);
      Logger.error(e, "a datagram is lost to a fault of the forwarder");
    }
    gateway = forwarder.gateway();
    gatewayAnswers = forwarder.gatewayAnswers();
    if (forwarder.deadline() < timerAt) {
      setTimer();
    }
  }

  private void setTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    timerAt = forwarder.deadline();
    if (timerAt != Forwarder.NEVER) {
      long delay = Math.max(0, timerAt - System.nanoTime());
      timer = loop.schedule(this::timeout, delay, TimeUnit.NANOSECONDS);
    }
  }

  private void timeout() {
    input(() -> forwarder.timeout(System.nanoTime()));
    setTimer();
  }

  private void perform(Action action) {
    if (action instanceof Action.ToGateway it) {
      out.toGateway(it.gateway(), it.datagram());
    } else if (action instanceof Action.ToNode it) {
      out.toNode(it.node(), it.datagram());
    } else if (action instanceof Action.ToNodes it) {
      out.toNodes(it.radius(), it.datagram());
    } else if (action instanceof Action.ToGateways it) {
      out.toGateways(it.datagram());
    } else if (action instanceof Action.GatewayChanged it) {
      changed(it);
    } else if (action instanceof Drop drop) {
      counters.drops().increment(drop);
    }
  }

  private void changed(Action.GatewayChanged change) {
    counters.traffic().increment(Traffic.GATEWAY_CHANGES);
    InetSocketAddress from = change.from();
    InetSocketAddress to = change.to();
    if (from == null && to != null) {
      Logger.info("gateway {} is in use", toSocketAddressString(to));
    } else if (from != null && to == null) {
      Logger.warn("gateway {} fell silent and no other is known", toSocketAddressString(from));
    } else if (from != null && to != null) {
      Logger.warn(
          "gateway {} is in use instead of {}",
          toSocketAddressString(to),
          toSocketAddressString(from));
    }
  }

  private static InetSocketAddress address(Endpoint endpoint) {
    return new InetSocketAddress(endpoint.host(), endpoint.port());
  }

  private final class NodeReader implements UdpSocket.Reader {

    private final int listener;

    NodeReader(int listener) {
      this.listener = listener;
    }

    @Override
    public void datagram(InetSocketAddress sender, ByteBuf content) {
      Octets octets = Octets.copyOf(content, content.readerIndex(), content.readableBytes());
      input(() -> fromNode(new Node.Udp(sender, listener), octets));
    }

    @Override
    public void failed(Throwable cause) {
      socketFailed(cause);
    }
  }

  private final class GatewayReader implements UdpSocket.Reader {

    @Override
    public void datagram(InetSocketAddress sender, ByteBuf content) {
      counters.traffic().increment(Traffic.FROM_GATEWAYS);
      Octets octets = Octets.copyOf(content, content.readerIndex(), content.readableBytes());
      input(() -> forwarder.fromGateway(sender, octets, System.nanoTime()));
    }

    @Override
    public void failed(Throwable cause) {
      socketFailed(cause);
    }
  }

  private void socketFailed(Throwable cause) {
    counters.traffic().increment(Traffic.SOCKET_ERRORS);
    Logger.debug("a socket: {}", BindFailure.reason(cause));
  }
}
