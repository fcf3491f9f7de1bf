package mqttsn.gateway.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mqttsn.codec.Decoded;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.QueuedMessage;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionView;

/** The ports of the protocol core; a broken core stands in for it where an invariant must fail. */
interface Core {

  List<Action> start(long now);

  List<Action> fromClient(ClientAddress from, Decoded decoded, long now);

  List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now);

  List<Action> timeout(long now);

  long deadline();

  List<Action> restore(List<SessionRecord> records, long downNanos, long now);

  void restoreQueue(List<QueuedMessage.Summary> messages, long lastNumber, long now);

  List<Action> fromQueue(List<QueueEvent> events, long now);

  QueueView queue(long now);

  Map<String, Optional<SessionRecord>> takeChanged(int most, long now);

  List<Action> handOver(long now);

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
    public List<Action> restore(List<SessionRecord> records, long downNanos, long now) {
      return gateway.restore(records, downNanos, now);
    }

    @Override
    public void restoreQueue(List<QueuedMessage.Summary> messages, long lastNumber, long now) {
      gateway.restoreQueue(messages, lastNumber, now);
    }

    @Override
    public List<Action> fromQueue(List<QueueEvent> events, long now) {
      return gateway.fromQueue(events, now);
    }

    @Override
    public QueueView queue(long now) {
      return gateway.queue(now);
    }

    @Override
    public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
      return gateway.takeChanged(most, now);
    }

    @Override
    public List<Action> handOver(long now) {
      return gateway.handOver(now);
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
