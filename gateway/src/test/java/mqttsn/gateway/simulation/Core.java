package mqttsn.gateway.simulation;

import java.util.List;
import mqttsn.codec.Decoded;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.SessionView;

/** The ports of the protocol core; a broken core stands in for it where an invariant must fail. */
interface Core {

  List<Action> start(long now);

  List<Action> fromClient(ClientAddress from, Decoded decoded, long now);

  List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now);

  List<Action> timeout(long now);

  long deadline();

  int sessions();

  List<SessionView> views(long now);

  long waitingMessages();

  long waitingBytes();

  /** The real one. */
  record Real(Gateway gateway) implements Core {

    @Override
    public List<Action> start(long now) {
      return gateway.start(now);
    }

    @Override
    public List<Action> fromClient(ClientAddress from, Decoded decoded, long now) {
      return gateway.fromClient(from, decoded, now);
    }

    @Override
    public List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now) {
      return gateway.fromBroker(link, event, now);
    }

    @Override
    public List<Action> timeout(long now) {
      return gateway.timeout(now);
    }

    @Override
    public long deadline() {
      return gateway.deadline();
    }

    @Override
    public int sessions() {
      return gateway.sessions();
    }

    @Override
    public List<SessionView> views(long now) {
      return gateway.views(now);
    }

    @Override
    public long waitingMessages() {
      return gateway.waitingMessages();
    }

    @Override
    public long waitingBytes() {
      return gateway.waitingBytes();
    }
  }
}
