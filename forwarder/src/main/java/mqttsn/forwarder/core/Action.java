package mqttsn.forwarder.core;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What the shell has to do next. */
public sealed interface Action
    permits Action.ToGateway,
        Action.ToNode,
        Action.ToNodes,
        Action.ToGateways,
        Action.GatewayChanged,
        Drop {

  /** Send to a gateway. */
  record ToGateway(InetSocketAddress gateway, Datagram datagram) implements Action {}

  /** Send to a node, or to the forwarder that it is behind. */
  record ToNode(Node.Direct node, Datagram datagram) implements Action {}

  /**
   * Send into the node network for all to hear.
   *
   * @param radius how many hops far, 1 to 3; 0 is the whole network
   */
  record ToNodes(int radius, Datagram datagram) implements Action {}

  /** Send to the groups where gateways listen. */
  record ToGateways(Datagram datagram) implements Action {}

  /** Tell that another gateway is in use; null is none. */
  record GatewayChanged(@Nullable InetSocketAddress from, @Nullable InetSocketAddress to)
      implements Action {}
}
