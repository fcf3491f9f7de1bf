package mqttsn.gateway.broker.quic;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the ways that lead to a broker now; takes some tens of microseconds and never waits. */
interface Routes {

  /** The ways that lead to {@code broker}, the preferred one first; empty when none does. */
  List<Uplink> to(InetSocketAddress broker);

  /**
   * What the kernel knows.
   *
   * @param interfaces those to use, the preferred one first; one counts while it is up and has an
   *     address of the broker's family. Empty follows the kernel's route.
   */
  static Routes ofKernel(List<String> interfaces) {
    return broker -> interfaces.isEmpty() ? byRoute(broker) : byInterface(interfaces, broker);
  }

  /** Connects a throw-away socket: that sends nothing, and shows the source address. */
  private static List<Uplink> byRoute(InetSocketAddress broker) {
    boolean ipv6 = broker.getAddress() instanceof Inet6Address;
    try (DatagramChannel throwAway =
        DatagramChannel.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET)) {
      throwAway.connect(broker);
      InetSocketAddress local = (InetSocketAddress) throwAway.getLocalAddress();
      return List.of(new Uplink("", withoutScope(local.getAddress())));
    } catch (IOException noRoute) {
      return List.of();
    }
  }

  private static List<Uplink> byInterface(List<String> interfaces, InetSocketAddress broker) {
    List<Uplink> uplinks = new ArrayList<>();
    for (String name : interfaces) {
      InetAddress address = addressOf(name, broker.getAddress());
      if (address != null) {
        uplinks.add(new Uplink(name, address));
      }
    }
    return uplinks;
  }

  private static @Nullable InetAddress addressOf(String interfaceName, InetAddress broker) {
    try {
      NetworkInterface found = NetworkInterface.getByName(interfaceName);
      if (found == null || !found.isUp()) {
        return null;
      }
      return found
          .inetAddresses()
          .filter(address -> address.getClass() == broker.getClass())
          .filter(address -> address.isLinkLocalAddress() == broker.isLinkLocalAddress())
          .findFirst()
          .map(Routes::withoutScope)
          .orElse(null);
    } catch (IOException gone) {
      return null;
    }
  }

  private static InetAddress withoutScope(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
