package mqttsn.gateway.session;

/**
 * Names one broker connection over all its re-connections.
 *
 * <p>In transparent mode each session has a link of its own, and the gateway has one more ({@link
 * #GATEWAY}).
 *
 * @param number unique in the life of the process; never used again; above 0 for the link of one
 *     client
 */
public record BrokerLink(long number) {

  /** The gateway's own link: QoS -1, and the sign whether the broker is reachable (§7.1). */
  public static final BrokerLink GATEWAY = new BrokerLink(0);

  /** Whether it is the link of one client, and not one that many share. */
  public boolean isOfOneClient() {
    return number > 0;
  }
}
