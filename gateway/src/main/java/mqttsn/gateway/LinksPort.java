package mqttsn.gateway;

import mqttsn.gateway.broker.BrokerLinks;
import mqttsn.gateway.net.BrokerPort;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerLink;

/** The links to the broker as the driver's port. */
record LinksPort(BrokerLinks links) implements BrokerPort {

  @Override
  public void open(BrokerLink link, BrokerConnect connect) {
    links.open(link, connect);
  }

  @Override
  public void send(BrokerLink link, BrokerCommand command) {
    links.send(link, command);
  }

  @Override
  public void close(BrokerLink link, Action.Farewell farewell) {
    links.close(link, farewell);
  }
}
