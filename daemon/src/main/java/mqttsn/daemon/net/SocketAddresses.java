package mqttsn.daemon.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** One form for each transport address, so that equal addresses are equal objects. */
public final class SocketAddresses {

  private static final int MAPPED_PREFIX_OCTETS = 10;
  private static final int IPV4_INDEX = 12;

  private SocketAddresses() {}

  /** The address itself; as IPv4 where IPv6 only carries it (::ffff:192.0.2.1). */
  public static InetSocketAddress canonical(InetSocketAddress socket) {
    if (!(socket.getAddress() instanceof Inet6Address address)) {
      return socket;
    }
    byte[] octets = address.getAddress();
    return isMapped(octets) ? new InetSocketAddress(unmapped(octets), socket.getPort()) : socket;
  }

  private static boolean isMapped(byte[] octets) {
    for (int i = 0; i < MAPPED_PREFIX_OCTETS; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return octets[MAPPED_PREFIX_OCTETS] == -1 && octets[MAPPED_PREFIX_OCTETS + 1] == -1;
  }

  private static InetAddress unmapped(byte[] octets) {
    try {
      return InetAddress.getByAddress(
          new byte[] {
            octets[IPV4_INDEX],
            octets[IPV4_INDEX + 1],
            octets[IPV4_INDEX + 2],
            octets[IPV4_INDEX + 3]
          });
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }
}
