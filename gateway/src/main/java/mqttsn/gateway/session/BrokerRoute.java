package mqttsn.gateway.session;

import java.util.Set;

/** The way from a session's link to the broker: a connection of its own, or one that many share. */
interface BrokerRoute {

  void open(BrokerLink link, BrokerConnect connect);

  void send(BrokerLink link, BrokerCommand command);

  /** Sends the will of a lost client: nobody would send it again. */
  void sendWill(BrokerLink link, BrokerCommand.Publish will);

  void close(BrokerLink link, Action.Farewell farewell);

  /** Whether links of others go the same way, so that no will of a client can be with it. */
  boolean isShared();

  /** The session of a closed link is over for good. */
  void forget(BrokerLink link);

  /**
   * The packet identifier that the broker may know a publish of the link under; 0 when it cannot
   * know it yet.
   */
  int wireIdentifier(BrokerLink link, int packetIdentifier);

  /**
   * The broker's packet identifiers of QoS 2 messages that the link was given and the broker has
   * not released, as far as the session does not know them itself.
   */
  Set<Integer> unreleased(BrokerLink link);

  /** A session of an earlier process goes on over this link. */
  void recall(BrokerLink link, SessionRecord session);
}
