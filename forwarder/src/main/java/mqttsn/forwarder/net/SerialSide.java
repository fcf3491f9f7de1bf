package mqttsn.forwarder.net;

import mqttsn.codec.Octets;
import mqttsn.forwarder.core.Node;

/** The serial line as the event loop sees it. */
public interface SerialSide {

  /** Takes what nodes on the line send. Any thread may call. */
  interface Receiver {
    void datagram(Node.Serial node, Octets datagram);
  }

  /** Begins to read; what was sent before is lost. */
  void open(Receiver receiver);

  /** Sends to a node without waiting; false if too much is waiting. */
  boolean send(Node.Serial node, Octets datagram);

  /** Sends to all nodes without waiting; false if too much is waiting. */
  boolean broadcast(Octets datagram);

  /** Closes the line. Blocks for a short time. */
  void close();
}
