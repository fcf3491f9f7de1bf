package mqttsn.daemon.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import mqttsn.daemon.config.Endpoint;

/**
 * A multicast group and port; or {@code 255.255.255.255}, which stands for the broadcast address of
 * each interface.
 */
public record Group(InetAddress address, int port) {

  private static final String EXPECTED =
      "a multicast or broadcast address and port such as 225.1.1.1:1883, [ff05::75b]:1883 or"
          + " 255.255.255.255:1883";

  /**
   * Reads {@code address:port}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Group parse(String text) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(EXPECTED, e);
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(endpoint.host());
    if (address == null || endpoint.port() == 0) {
      throw new IllegalArgumentException(EXPECTED);
    }
    Group group = new Group(address, endpoint.port());
    if (!address.isMulticastAddress() && !group.isBroadcast()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return group;
  }

  /** Whether this is 255.255.255.255 and no multicast group. */
  public boolean isBroadcast() {
    return address.getHostAddress().equals("255.255.255.255");
  }

  @Override
  public String toString() {
    return NetUtil.toSocketAddressString(NetUtil.toAddressString(address), port);
  }
}
