package mqttsn.gateway.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/** An IPv4 or IPv6 address written in numbers. */
public record IpAddress(InetAddress address) {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static IpAddress parse(String text) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
    if (address == null) {
      throw new IllegalArgumentException("an address such as 192.0.2.1 or 2001:db8::1");
    }
    return new IpAddress(address);
  }

  @Override
  public String toString() {
    return NetUtil.toAddressString(address);
  }
}
