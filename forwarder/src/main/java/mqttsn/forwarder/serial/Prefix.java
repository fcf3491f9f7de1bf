package mqttsn.forwarder.serial;

import java.util.Arrays;
import mqttsn.codec.Octets;
import mqttsn.forwarder.core.Node;
import org.jspecify.annotations.Nullable;

/**
 * The node id that frames of a line begin with.
 *
 * @param octets its length, the same for all frames; 0 if frames are messages and nothing else
 */
record Prefix(int octets) {

  /** The node that a frame is of; null if the frame is too short to say. */
  Node.@Nullable Serial node(Octets frame) {
    return frame.size() < octets
        ? null
        : new Node.Serial(Octets.of(Arrays.copyOf(frame.toByteArray(), octets)));
  }

  /** What a frame holds besides the prefix. */
  Octets datagram(Octets frame) {
    return octets == 0
        ? frame
        : Octets.of(Arrays.copyOfRange(frame.toByteArray(), octets, frame.size()));
  }

  /** The frame for a node. */
  Octets frame(Node.Serial node, Octets datagram) {
    return concatenated(node.prefix().toByteArray(), datagram);
  }

  /** The frame for all nodes: its prefix is ones all over. */
  Octets broadcast(Octets datagram) {
    byte[] everybody = new byte[octets];
    Arrays.fill(everybody, (byte) 0xFF);
    return concatenated(everybody, datagram);
  }

  private static Octets concatenated(byte[] prefix, Octets datagram) {
    byte[] frame = Arrays.copyOf(prefix, prefix.length + datagram.size());
    for (int i = 0; i < datagram.size(); i++) {
      frame[prefix.length + i] = datagram.at(i);
    }
    return Octets.of(frame);
  }
}
