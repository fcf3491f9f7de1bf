package mqttsn.gateway.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.ToClient;
import mqttsn.gateway.config.DiscoveryGroup;
import mqttsn.gateway.config.InterfaceNames;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The discovery groups (§6.1). They are heard on sockets of their own; what goes to them leaves
 * from the sockets that clients speak to, because a client takes the source of ADVERTISE and GWINFO
 * as the gateway's address.
 */
public final class DiscoverySockets {

  private final UdpShell shell;
  private final List<Listener> listeners;
  private final int maxHops;
  private final List<Outlet> outlets = new ArrayList<>();
  private final Map<InetSocketAddress, DatagramChannel> sockets = new HashMap<>();
  private final Set<InetAddress> ownAddresses = new HashSet<>();

  /** A way out to a group: through this socket, by this interface. */
  private record Outlet(Listener listener, NetworkInterface egress, InetSocketAddress target) {}

  DiscoverySockets(UdpShell shell, List<Listener> listeners, int maxHops) {
    this.shell = shell;
    this.listeners = listeners;
    this.maxHops = maxHops;
  }

  /**
   * Joins the groups on the interfaces, before the sockets are opened. What cannot be joined is a
   * warning. Blocks; not for the event loop.
   */
  public void join(Collection<DiscoveryGroup> groups, InterfaceNames names) {
    if (groups.isEmpty()) {
      return;
    }
    List<NetworkInterface> interfaces = interfaces(names);
    if (interfaces.isEmpty()) {
      Logger.warn("discovery: no network interface can multicast, nothing is advertised");
    }
    for (NetworkInterface networkInterface : interfaces) {
      for (DiscoveryGroup group : groups) {
        try {
          if (group.isBroadcast()) {
            joinBroadcast(group, networkInterface);
          } else {
            joinMulticast(group, networkInterface);
          }
        } catch (SocketException e) {
          Logger.warn(
              "discovery: cannot join {} on {}: {}",
              group,
              networkInterface.getName(),
              BindFailure.reason(e));
        }
      }
    }
  }

  private List<NetworkInterface> interfaces(InterfaceNames names) {
    List<NetworkInterface> chosen = new ArrayList<>();
    try {
      List<NetworkInterface> all = NetworkInterface.networkInterfaces().toList();
      for (NetworkInterface candidate : all) {
        candidate.inetAddresses().forEach(ownAddresses::add);
        boolean isWanted =
            names.isAuto()
                ? candidate.isUp() && candidate.supportsMulticast() && !candidate.isLoopback()
                : names.names().contains(candidate.getName());
        if (isWanted) {
          chosen.add(candidate);
        }
      }
      for (String name : names.names()) {
        if (all.stream().noneMatch(candidate -> candidate.getName().equals(name))) {
          Logger.warn("discovery: there is no network interface {}", name);
        }
      }
    } catch (SocketException e) {
      Logger.warn("discovery: the network interfaces cannot be listed: {}", e.getMessage());
    }
    return chosen;
  }

  private void joinMulticast(DiscoveryGroup group, NetworkInterface networkInterface)
      throws SocketException {
    InetAddress address = scoped(group.address(), networkInterface);
    InetSocketAddress target = new InetSocketAddress(address, group.port());
    DatagramChannel socket = socket(target);
    ChannelFuture joined = socket.joinGroup(address, networkInterface, null).awaitUninterruptibly();
    if (!joined.isSuccess()) {
      throw failure(joined.cause());
    }
    addOutlet(networkInterface, target);
    Logger.info("discovery: joined {} on {}", group, networkInterface.getName());
  }

  private void joinBroadcast(DiscoveryGroup group, NetworkInterface networkInterface)
      throws SocketException {
    boolean isHeard = false;
    for (InterfaceAddress address : networkInterface.getInterfaceAddresses()) {
      if (address.getBroadcast() != null) {
        addOutlet(networkInterface, new InetSocketAddress(address.getBroadcast(), group.port()));
        isHeard = true;
      }
    }
    if (!isHeard) {
      throw new SocketException("the interface has no broadcast address");
    }
    boolean isListener =
        listeners.stream()
            .anyMatch(
                listener ->
                    listener.local().getPort() == group.port()
                        && listener.local().getAddress().isAnyLocalAddress());
    if (!isListener) {
      // Only a wildcard socket hears both 255.255.255.255 and the broadcast of a subnet.
      DatagramChannel unused = socket(new InetSocketAddress("0.0.0.0", group.port()));
    }
    Logger.info("discovery: broadcasts to port {} on {}", group.port(), networkInterface.getName());
  }

  /** The socket bound to the group, so that it hears nothing else; groups of one port share it. */
  private DatagramChannel socket(InetSocketAddress address) throws SocketException {
    DatagramChannel known = sockets.get(address);
    if (known != null) {
      return known;
    }
    ChannelFuture bound = shell.bindTo(address, true);
    if (!bound.isSuccess()) {
      throw failure(bound.cause());
    }
    DatagramChannel socket = (DatagramChannel) bound.channel();
    sockets.put(address, socket);
    return socket;
  }

  /** A group of the link or the interface means another one on each interface: it has a scope. */
  private static InetAddress scoped(InetAddress group, NetworkInterface networkInterface)
      throws SocketException {
    if (group instanceof Inet6Address && (group.isMCLinkLocal() || group.isMCNodeLocal())) {
      try {
        return Inet6Address.getByAddress(null, group.getAddress(), networkInterface.getIndex());
      } catch (UnknownHostException e) {
        throw failure(e);
      }
    }
    return group;
  }

  private void addOutlet(NetworkInterface egress, InetSocketAddress target) throws SocketException {
    Listener listener = listenerFor(target.getAddress());
    if (listener == null) {
      throw new SocketException("no listen address speaks to this group");
    }
    outlets.add(new Outlet(listener, egress, target));
  }

  private static SocketException failure(@Nullable Throwable cause) {
    SocketException failure = new SocketException();
    failure.initCause(cause);
    return failure;
  }

  private @Nullable Listener listenerFor(InetAddress address) {
    return listeners.stream().filter(listener -> listener.speaks(address)).findFirst().orElse(null);
  }

  void open(Datagrams sink) {
    for (DatagramChannel socket : sockets.values()) {
      shell.read(
          socket,
          (sender, content) -> {
            Listener listener = listenerFor(sender.getAddress());
            if (listener != null && !isOwn(sender)) {
              sink.group(listener.index(), sender, content);
            }
          });
    }
  }

  /** Our own multicast comes back on the same host, where other programs may want it. */
  private boolean isOwn(InetSocketAddress sender) {
    return ownAddresses.contains(sender.getAddress())
        && listeners.stream().anyMatch(listener -> listener.local().getPort() == sender.getPort());
  }

  /** Sends to each group on each interface; radius 0 is as far as configured. */
  void broadcast(ToClient message, int radius) {
    int hops = radius == 0 ? maxHops : radius;
    for (Outlet outlet : outlets) {
      shell.sendToGroup(outlet.listener(), outlet.egress(), outlet.target(), hops, message);
    }
  }

  void close() {
    sockets.values().forEach(socket -> socket.close().awaitUninterruptibly());
  }
}
