package mqttsn.gateway.session;

import java.util.List;

/** The way from a session's link to the broker: a connection of its own, or one that many share. */
interface BrokerRoute {

  void open(BrokerLink link, BrokerConnect connect);

  void send(BrokerLink link, BrokerCommand command);

  void close(BrokerLink link, Action.Farewell farewell);

  /** The session of a closed link is over for good. */
  void forget(BrokerLink link);

  /** A session of an earlier process goes on over this link, with these subscriptions. */
  void recall(BrokerLink link, String clientId, List<SessionRecord.Subscription> subscriptions);
}
