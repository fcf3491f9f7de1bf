package mqttsn.gateway.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import mqttsn.codec.Octets;

/**
 * Addresses of clients in tests: {@code a}, {@code b} ... on hosts of their own, {@code f/01}
 * behind forwarder f.
 */
final class Addresses {

  private Addresses() {}

  static ClientAddress of(String name) {
    String transport = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
    int host = transport.charAt(0) - 'a' + 1;
    int port = transport.length() > 1 ? Integer.parseInt(transport.substring(1)) : 2000;
    return new ClientAddress(
        0,
        new InetSocketAddress(ip("10.0.0." + host), port),
        name.contains("/") ? Octets.hex(name.substring(name.indexOf('/') + 1)) : null);
  }

  static String name(ClientAddress address) {
    int host = address.socket().getAddress().getAddress()[3];
    int port = address.socket().getPort();
    return (char) ('a' + host - 1)
        + (port == 2000 ? "" : Integer.toString(port))
        + (address.nodeId() == null ? "" : "/" + address.nodeId());
  }

  static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
