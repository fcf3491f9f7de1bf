package mqttsn.gateway.net;

import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerLink;

/** The broker side, as the driver sees it. Called in the event loop. */
public interface BrokerPort {

  /** Opens a link that is not open. */
  void open(BrokerLink link, BrokerConnect connect);

  /** Sends over an open link; does nothing on any other. */
  void send(BrokerLink link, BrokerCommand command);

  /** Closes a link, of which no event arrives any more. */
  void close(BrokerLink link, Action.Farewell farewell);
}
