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
  private boolean hasChangedForGood;

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

  /**
   * What the session knows has changed, and what it says next depends on that not being forgotten.
   */
  void changedForGood() {
    hasChangedForGood = true;
  }

  /** Whether there was such a change since the last call. */
  boolean pollChangedForGood() {
    boolean changed = hasChangedForGood;
    hasChangedForGood = false;
    return changed;
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
