package mqttsn.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Multicast and broadcast groups. They are heard on sockets of their own; what goes to them leaves
 * from sockets that others speak to as well, because receivers take its source as the address to
 * answer. Joining and closing block and are not for the event loop; sending is for the loop alone.
 */
public final class Groups {

  private final String purpose;
  private final EventLoop loop;
  private final Transport transport;
  private final UdpSocket.Options options;
  private final List<UdpSocket> senders;
  private final List<Outlet> outlets = new ArrayList<>();
  private final Map<Bound, UdpSocket> sockets = new HashMap<>();
  private final Set<InetAddress> ownAddresses = new HashSet<>();

  /** A way out to a group: from this socket, by this interface. */
  private record Outlet(UdpSocket sender, NetworkInterface egress, InetSocketAddress group) {}

  /** Where a socket is bound; addresses that differ in their scope only are equal for Java. */
  private record Bound(InetSocketAddress address, int scope) {
    static Bound to(InetSocketAddress address) {
      int scope = address.getAddress() instanceof Inet6Address ipv6 ? ipv6.getScopeId() : 0;
      return new Bound(address, scope);
    }
  }

  /**
   * No groups yet.
   *
   * @param purpose begins each line of the log
   * @param senders from which datagrams to a group may leave: the first that speaks its protocol
   */
  public Groups(
      String purpose,
      EventLoop loop,
      Transport transport,
      UdpSocket.Options options,
      List<UdpSocket> senders) {
    this.purpose = purpose;
    this.loop = loop;
    this.transport = transport;
    this.options =
        new UdpSocket.Options(options.maxDatagramBytes(), options.receiveBufferBytes(), true);
    this.senders = List.copyOf(senders);
  }

  /** Joins groups on interfaces. What cannot be joined is a warning. */
  public void join(Collection<Group> groups, InterfaceNames names) {
    if (groups.isEmpty()) {
      return;
    }
    List<NetworkInterface> interfaces = interfaces(names);
    if (interfaces.isEmpty()) {
      Logger.warn("{}: no network interface for its groups", purpose);
    }
    for (NetworkInterface networkInterface : interfaces) {
      for (Group group : groups) {
        join(group, networkInterface);
      }
    }
  }

  private void join(Group group, NetworkInterface networkInterface) {
    String name = networkInterface.getName();
    try {
      if (group.isBroadcast()) {
        joinBroadcast(group, networkInterface);
      } else {
        joinMulticast(group, networkInterface);
      }
      Logger.info("{}: joined {} on {}", purpose, group, name);
    } catch (IOException e) {
      Logger.warn("{}: cannot join {} on {}: {}", purpose, group, name, BindFailure.reason(e));
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
          Logger.warn("{}: there is no network interface {}", purpose, name);
        }
      }
    } catch (SocketException e) {
      Logger.warn("{}: the network interfaces cannot be listed: {}", purpose, e.getMessage());
    }
    return chosen;
  }

  private void joinMulticast(Group group, NetworkInterface networkInterface)
      throws SocketException, BindFailure {
    InetAddress address = scoped(group.address(), networkInterface);
    InetSocketAddress target = new InetSocketAddress(address, group.port());
    ChannelFuture joined = socket(target).join(address, networkInterface);
    if (joined.cause() != null) {
      throw failure(joined.cause());
    }
    addOutlet(networkInterface, target);
  }

  private void joinBroadcast(Group group, NetworkInterface networkInterface)
      throws SocketException, BindFailure {
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
    // Only a wildcard socket hears both 255.255.255.255 and the broadcast of a subnet.
    boolean isSender = senders.stream().anyMatch(sender -> hearsBroadcast(sender, group.port()));
    if (!isSender) {
      UdpSocket unused = socket(new InetSocketAddress("0.0.0.0", group.port()));
    }
  }

  private static boolean hearsBroadcast(UdpSocket socket, int port) {
    return socket.local().getPort() == port && socket.local().getAddress().isAnyLocalAddress();
  }

  /** The socket bound to the group, so that it hears nothing else. */
  private UdpSocket socket(InetSocketAddress address) throws BindFailure {
    UdpSocket socket = sockets.get(Bound.to(address));
    if (socket == null) {
      socket = UdpSocket.bind(loop, transport, address, options);
      sockets.put(Bound.to(address), socket);
    }
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

  private void addOutlet(NetworkInterface egress, InetSocketAddress group) throws SocketException {
    for (UdpSocket sender : senders) {
      if (sender.speaks(group.getAddress())) {
        outlets.add(new Outlet(sender, egress, group));
        return;
      }
    }
    throw new SocketException("no socket speaks to this group");
  }

  private static SocketException failure(@Nullable Throwable cause) {
    SocketException failure = new SocketException();
    failure.initCause(cause);
    return failure;
  }

  /** Begins to read from the groups what others send to them; once. */
  public void read(UdpSocket.Reader reader) {
    for (UdpSocket socket : sockets.values()) {
      socket.read(
          new UdpSocket.Reader() {
            @Override
            public void datagram(InetSocketAddress sender, ByteBuf content) {
              if (!isOwn(sender)) {
                reader.datagram(sender, content);
              }
            }

            @Override
            public void failed(Throwable cause) {
              reader.failed(cause);
            }
          });
    }
  }

  /** Our own multicast comes back on the same host, where other programs may want it. */
  private boolean isOwn(InetSocketAddress sender) {
    return ownAddresses.contains(sender.getAddress())
        && senders.stream().anyMatch(socket -> socket.local().getPort() == sender.getPort());
  }

  /** What a datagram to a group is made of. */
  public interface Content {
    ByteBuf encode(UdpSocket sender);
  }

  /**
   * Sends to each group on each interface.
   *
   * @param hops TTL or hop limit, 1 to 255
   * @return how many datagrams could not be sent because too much is waiting
   */
  public int send(Content content, int hops) {
    int unsent = 0;
    for (Outlet outlet : outlets) {
      ByteBuf datagram = content.encode(outlet.sender());
      if (!outlet.sender().sendToGroup(outlet.group(), outlet.egress(), hops, datagram)) {
        unsent++;
      }
    }
    return unsent;
  }

  /** Leaves the groups. */
  public void close() {
    sockets.values().forEach(UdpSocket::close);
  }
}
