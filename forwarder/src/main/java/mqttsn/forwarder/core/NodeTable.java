package mqttsn.forwarder.core;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that have spoken lately, by node id. It bounds how many nodes a gateway sees behind
 * this forwarder, and tells which socket a node speaks to; it is not needed to answer a node,
 * because a node id says where the node is. A full table refuses newcomers: a flood of forged
 * addresses takes nothing from the nodes that are there.
 */
final class NodeTable {

  private final int max;
  private final Cache<Octets, Node> nodes;
  private long now;

  /**
   * @param max how many nodes at the same time
   * @param idleExpiry how long a node may be silent and still be known
   */
  NodeTable(int max, Duration idleExpiry) {
    this.max = max;
    this.nodes =
        Caffeine.newBuilder()
            .expireAfterAccess(idleExpiry)
            .ticker(() -> now)
            .executor(Runnable::run)
            .build();
  }

  /** Notes that a node has spoken; false if it is new and there is no room. */
  boolean admit(Octets nodeId, Node node, long now) {
    this.now = now;
    Node known = nodes.getIfPresent(nodeId);
    if (known == null && size(now) >= max) {
      return false;
    }
    if (!node.equals(known)) {
      nodes.put(nodeId, node);
    }
    return true;
  }

  /** The node with this id. What is sent to a node is no sign of its life. */
  @Nullable Node find(Octets nodeId, long now) {
    this.now = now;
    return nodes.policy().getIfPresentQuietly(nodeId);
  }

  Collection<Node> all(long now) {
    size(now);
    return nodes.asMap().values();
  }

  int size(long now) {
    this.now = now;
    nodes.cleanUp();
    return (int) nodes.estimatedSize();
  }
}
