package mqttsn.forwarder.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.daemon.net.Groups;
import mqttsn.daemon.net.UdpSocket;
import mqttsn.forwarder.core.Datagram;
import mqttsn.forwarder.core.Node;
import mqttsn.forwarder.net.Counters.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams leave: sockets, groups, and the serial line. Counts what leaves and what cannot.
 * Belongs to the event loop.
 *
 * @param listeners the sockets of nodes, in the order of the configuration
 * @param uplink the socket of gateways
 * @param maxHops TTL or hop limit of a broadcast with radius 0, 1 to 255
 */
record WaysOut(
    List<UdpSocket> listeners,
    UdpSocket uplink,
    Groups nodeGroups,
    Groups gatewayGroups,
    @Nullable SerialSide serial,
    int maxHops,
    Counters counters) {

  void toGateway(InetSocketAddress gateway, Datagram datagram) {
    count(Traffic.TO_GATEWAYS, uplink.send(gateway, encode(uplink, datagram)));
  }

  /** To every group where gateways hear. */
  void toGateways(Datagram datagram) {
    toGroups(gatewayGroups, 0, datagram);
  }

  void toNode(Node.Direct node, Datagram datagram) {
    if (node instanceof Node.Udp udp) {
      UdpSocket socket = listener(udp);
      if (socket == null) {
        counters.traffic().increment(Traffic.NO_WAY_OUT);
      } else {
        count(Traffic.TO_NODES, socket.send(udp.address(), encode(socket, datagram)));
      }
    } else if (node instanceof Node.Serial line) {
      if (serial == null) {
        counters.traffic().increment(Traffic.NO_WAY_OUT);
      } else {
        count(Traffic.TO_NODES, serial.send(line, octets(datagram)));
      }
    }
  }

  /**
   * To the groups of nodes, and to all nodes of the serial line.
   *
   * @param radius in hops; 0 for the whole network (§5.3.9)
   */
  void toNodes(int radius, Datagram datagram) {
    counters.traffic().increment(Traffic.BROADCASTS);
    toGroups(nodeGroups, radius, datagram);
    if (serial != null && !serial.broadcast(octets(datagram))) {
      counters.traffic().increment(Traffic.UNSENT);
    }
  }

  private void toGroups(Groups groups, int radius, Datagram datagram) {
    int unsent = groups.send(sender -> encode(sender, datagram), radius == 0 ? maxHops : radius);
    counters.traffic().add(Traffic.UNSENT, unsent);
  }

  /** The socket that a node speaks to; the first that reaches it, if that is not known. */
  private @Nullable UdpSocket listener(Node.Udp node) {
    if (node.listener() != Node.Udp.ANY_LISTENER) {
      return listeners.get(node.listener());
    }
    InetAddress address = node.address().getAddress();
    return listeners.stream().filter(socket -> socket.speaks(address)).findFirst().orElse(null);
  }

  private void count(Traffic sent, boolean isSent) {
    counters.traffic().increment(isSent ? sent : Traffic.UNSENT);
  }

  private static ByteBuf encode(UdpSocket socket, Datagram datagram) {
    ByteBuf out = socket.alloc().directBuffer(datagram.octets());
    datagram.writeTo(out);
    return out;
  }

  private static Octets octets(Datagram datagram) {
    ByteBuf out = Unpooled.buffer(datagram.octets());
    datagram.writeTo(out);
    return Octets.copyOf(out, 0, out.readableBytes());
  }
}
