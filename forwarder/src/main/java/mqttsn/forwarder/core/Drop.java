package mqttsn.forwarder.core;

/** Why a datagram goes no further; each is a counter. */
public enum Drop implements Seen, Action {
  /** A Length or a header of encapsulation that does not fit the datagram. */
  MALFORMED("malformed"),
  /** Encapsulation inside encapsulation. */
  NESTED("nested"),
  /**
   * ADVERTISE or GWINFO from the node network: our own broadcast heard again, or another gateway.
   */
  DISCOVERY_FROM_NODES("discovery-from-nodes"),
  /** The id that another forwarder gave its node leaves no room for the way to that forwarder. */
  NODE_ID_TOO_LONG("node-id-too-long"),
  /** A new node when as many as allowed are known. */
  TOO_MANY_NODES("too-many-nodes"),
  /** A node spoke before a gateway was found. */
  NO_GATEWAY("no-gateway"),
  /** Sent to the gateway's side by somebody who is not the gateway in use. */
  NOT_OUR_GATEWAY("not-our-gateway"),
  /** A message of the gateway that is for a client, but names no node. */
  NOT_ENCAPSULATED("not-encapsulated"),
  /** A client told of a gateway; it may be out of this forwarder's reach. */
  GWINFO_OF_CLIENT("gwinfo-of-client"),
  /** A node id that this forwarder cannot have given. */
  UNKNOWN_NODE("unknown-node"),
  /** For all nodes, but neither ADVERTISE nor GWINFO. */
  BROADCAST_NOT_DISCOVERY("broadcast-not-discovery"),
  /** A gateway more than a forwarder remembers. */
  TOO_MANY_GATEWAYS("too-many-gateways");

  private final String label;

  Drop(String label) {
    this.label = label;
  }

  /** The reason in lower-kebab case; stays the same over releases, for metrics. */
  public String label() {
    return label;
  }
}
