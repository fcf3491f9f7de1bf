package mqttsn.gateway.net;

import io.netty.channel.socket.DatagramChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A bound socket that clients speak to.
 *
 * @param index its place among the listen addresses
 * @param local where it is bound, with the port that was really taken
 */
record Listener(int index, InetSocketAddress local, DatagramChannel channel) {

  /** Whether datagrams to that address can leave here; a wildcard IPv6 socket speaks IPv4 too. */
  boolean speaks(InetAddress address) {
    boolean isIpv4Socket = local.getAddress() instanceof Inet4Address;
    return address instanceof Inet4Address
        ? isIpv4Socket || local.getAddress().isAnyLocalAddress()
        : !isIpv4Socket;
  }
}
