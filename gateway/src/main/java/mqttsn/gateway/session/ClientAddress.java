package mqttsn.gateway.session;

import java.net.InetSocketAddress;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is reached: a transport address, and behind a forwarder the wireless node id
 * (§5.5).
 *
 * @param listener index of the listening socket that the client speaks to; answers leave through it
 * @param socket transport address of the client, or of its forwarder
 * @param nodeId wireless node id, 0 to 252 octets, opaque; null for a client that speaks for itself
 */
public record ClientAddress(int listener, InetSocketAddress socket, @Nullable Octets nodeId) {

  /** Whether a forwarder stands between the gateway and this client. */
  public boolean isForwarded() {
    return nodeId != null;
  }

  /** Length of the forwarder's envelope around a message for this client, in octets (§5.5). */
  int envelopeBytes() {
    return nodeId == null ? 0 : 3 + nodeId.size();
  }

  @Override
  public String toString() {
    String host =
        socket.getAddress() == null
            ? socket.getHostString()
            : socket.getAddress().getHostAddress().replaceFirst("%0$", "");
    String transport = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + socket.getPort();
    return nodeId == null ? transport : transport + "/" + nodeId;
  }
}
