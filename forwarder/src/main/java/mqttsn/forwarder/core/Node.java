package mqttsn.forwarder.core;

import java.net.InetSocketAddress;
import mqttsn.codec.Octets;

/** A wireless node as its forwarder knows it; {@link NodeIds} turns it into a node id and back. */
public sealed interface Node {

  /** A node whose datagrams reach the forwarder itself: on a socket or on the serial line. */
  sealed interface Direct extends Node {}

  /**
   * A node on UDP.
   *
   * @param listener position of the socket that it speaks to, which is the one that has to answer;
   *     {@link #ANY_LISTENER} when a node id is all there is to go by
   */
  record Udp(InetSocketAddress address, int listener) implements Direct {
    public static final int ANY_LISTENER = -1;
  }

  /**
   * A node on the serial line.
   *
   * @param prefix what its frames begin with; empty on a line that names no nodes
   */
  record Serial(Octets prefix) implements Direct {}

  /**
   * A node of another forwarder, which stands between it and this one.
   *
   * @param nodeId names the node to that forwarder, 0 to 252 octets
   */
  record Behind(Direct forwarder, Octets nodeId) implements Node {}
}
