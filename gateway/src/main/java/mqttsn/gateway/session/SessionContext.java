package mqttsn.gateway.session;

import mqttsn.codec.ToClient;

/**
 * What the procedures of one session share: the way to its client, to its broker link, and the
 * settings.
 */
final class SessionContext {

  final String clientId;
  final BrokerLink link;
  final BrokerRoute route;
  private final Shared shared;
  private ClientAddress address;

  SessionContext(
      String clientId, ClientAddress address, BrokerLink link, BrokerRoute route, Shared shared) {
    this.clientId = clientId;
    this.address = address;
    this.link = link;
    this.route = route;
    this.shared = shared;
  }

  ClientAddress address() {
    return address;
  }

  void moveTo(ClientAddress newAddress) {
    address = newAddress;
  }

  Settings settings() {
    return shared.settings;
  }

  BufferBudget budget() {
    return shared.budget;
  }

  void toClient(ToClient message) {
    shared.out.add(new Action.Send(address, message));
  }

  void toBroker(BrokerCommand command) {
    route.send(link, command);
  }

  void act(Action action) {
    shared.out.add(action);
  }

  void tell(Notice.Event event, String detail) {
    shared.out.add(new Action.Tell(new Notice(event, clientId, address, detail)));
  }
}
