package mqttsn.forwarder.core;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Wireless node ids (§5.5). An id is derived from where the node is and holds all that is needed to
 * answer it, so a forwarder that has just started serves the nodes of the one before it:
 *
 * <pre>
 * IPv4 address, port                           6 octets
 * IPv6 address, port                          18 octets
 * IPv6 link-local address, port, interface    22 octets
 * FF 00, prefix                               a node on the serial line
 * FF 01, length, id of the other forwarder, its node id      a node behind another forwarder
 * </pre>
 *
 * No unicast address of either family begins with FF, so the forms cannot be mistaken for each
 * other.
 */
final class NodeIds {

  /** The longest Wireless Node Id that the one-octet Length leaves room for (§5.5). */
  static final int MAX_OCTETS = 252;

  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;
  private static final int PORT_OCTETS = 2;
  private static final int SCOPE_OCTETS = 4;

  private static final int MARK = 0xFF;
  private static final int SERIAL = 0x00;
  private static final int BEHIND = 0x01;

  private NodeIds() {}

  /** The id of a node; null if it does not fit, which takes a very long id behind a forwarder. */
  static @Nullable Octets of(Node node) {
    byte[] id = bytes(node);
    return id.length > MAX_OCTETS ? null : Octets.of(id);
  }

  /** The node that has this id, null if no node can have it. */
  static @Nullable Node node(Octets nodeId) {
    byte[] id = nodeId.toByteArray();
    if (id.length < 2 || (id[0] & 0xFF) != MARK || id[1] != BEHIND) {
      return direct(id);
    }
    int forwarderEnd = id.length < 3 ? Integer.MAX_VALUE : 3 + (id[2] & 0xFF);
    if (forwarderEnd > id.length) {
      return null;
    }
    Node.Direct forwarder = direct(Arrays.copyOfRange(id, 3, forwarderEnd));
    Octets inner = Octets.of(Arrays.copyOfRange(id, forwarderEnd, id.length));
    return forwarder == null ? null : new Node.Behind(forwarder, inner);
  }

  /** Whether an id addresses every node: the empty one, and any number of FF. */
  static boolean isBroadcast(Octets nodeId) {
    for (int i = 0; i < nodeId.size(); i++) {
      if ((nodeId.at(i) & 0xFF) != 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(Node node) {
    if (node instanceof Node.Udp udp) {
      return address(udp.address());
    }
    ByteArrayOutputStream id = new ByteArrayOutputStream();
    id.write(MARK);
    if (node instanceof Node.Serial serial) {
      id.write(SERIAL);
      id.writeBytes(serial.prefix().toByteArray());
    } else if (node instanceof Node.Behind behind) {
      byte[] forwarder = bytes(behind.forwarder());
      id.write(BEHIND);
      id.write(forwarder.length);
      id.writeBytes(forwarder);
      id.writeBytes(behind.nodeId().toByteArray());
    }
    return id.toByteArray();
  }

  private static byte[] address(InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    int scope = scope(address.getAddress());
    ByteBuffer id =
        ByteBuffer.allocate(ip.length + PORT_OCTETS + (scope == 0 ? 0 : SCOPE_OCTETS))
            .put(ip)
            .putShort((short) address.getPort());
    if (scope != 0) {
      id.putInt(scope);
    }
    return id.array();
  }

  /** The interface without which a link-local address says nothing; 0 for any other address. */
  private static int scope(InetAddress address) {
    return address instanceof Inet6Address ipv6 && ipv6.isLinkLocalAddress()
        ? ipv6.getScopeId()
        : 0;
  }

  private static Node.@Nullable Direct direct(byte[] id) {
    if (id.length >= 2 && (id[0] & 0xFF) == MARK) {
      return id[1] == SERIAL
          ? new Node.Serial(Octets.of(Arrays.copyOfRange(id, 2, id.length)))
          : null;
    }
    return switch (id.length) {
      case IPV4_OCTETS + PORT_OCTETS -> udp(id, IPV4_OCTETS, 0);
      case IPV6_OCTETS + PORT_OCTETS -> udp(id, IPV6_OCTETS, 0);
      case IPV6_OCTETS + PORT_OCTETS + SCOPE_OCTETS ->
          udp(id, IPV6_OCTETS, ByteBuffer.wrap(id).getInt(IPV6_OCTETS + PORT_OCTETS));
      default -> null;
    };
  }

  private static Node.@Nullable Udp udp(byte[] id, int ipOctets, int scope) {
    byte[] ip = Arrays.copyOf(id, ipOctets);
    int port = ByteBuffer.wrap(id).getShort(ipOctets) & 0xFFFF;
    try {
      InetAddress address =
          scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope);
      boolean isNode = !address.isAnyLocalAddress() && !address.isMulticastAddress() && port != 0;
      return isNode
          ? new Node.Udp(new InetSocketAddress(address, port), Node.Udp.ANY_LISTENER)
          : null;
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of 4 or 16 octets", e);
    }
  }
}
