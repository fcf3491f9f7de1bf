package mqttsn.gateway.broker.quic;

import java.net.InetAddress;

/**
 * One way from this machine to a broker.
 *
 * @param interfaceName the interface the socket is bound to; empty when the kernel's route decides
 * @param source the address that datagrams leave with
 */
public record Uplink(String interfaceName, InetAddress source) {

  /** Whether sockets of this way are bound to nothing and so follow the route by themselves. */
  boolean followsRoute() {
    return interfaceName.isEmpty();
  }

  @Override
  public String toString() {
    String address = source.getHostAddress();
    return interfaceName.isEmpty() ? address : address + "%" + interfaceName;
  }
}
