package mqttsn.gateway.session;

import java.util.Set;

/** The transparent gateway: each link is a connection (§4.1). */
final class OwnConnections implements BrokerRoute {

  private final Outbox out;

  OwnConnections(Outbox out) {
    this.out = out;
  }

  @Override
  public void open(BrokerLink link, BrokerConnect connect) {
    out.add(new Action.OpenLink(link, connect));
  }

  @Override
  public void send(BrokerLink link, BrokerCommand command) {
    out.add(new Action.Command(link, command));
  }

  @Override
  public void sendWill(BrokerLink link, BrokerCommand.Publish will) {
    send(link, will);
  }

  @Override
  public void close(BrokerLink link, Action.Farewell farewell) {
    out.add(new Action.CloseLink(link, farewell));
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public void forget(BrokerLink link) {
    // The broker's session ends by its own expiry.
  }

  @Override
  public int wireIdentifier(BrokerLink link, int packetIdentifier) {
    return packetIdentifier;
  }

  @Override
  public Set<Integer> unreleased(BrokerLink link) {
    return Set.of();
  }

  @Override
  public void recall(BrokerLink link, SessionRecord session) {
    // The broker knows it.
  }
}
