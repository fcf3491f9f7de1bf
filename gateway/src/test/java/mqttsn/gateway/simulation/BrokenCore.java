package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mqttsn.codec.Decoded;
import mqttsn.codec.Encapsulated;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.QueuedMessage;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionView;
import org.jspecify.annotations.Nullable;

/** A core with one deliberate fault: the real one's actions are changed before they are done. */
class BrokenCore implements Core {

  /**
   * What the core was told.
   *
   * @param what a message without its envelope, or an event; events of the disk, or null for a
   *     timeout
   */
  record Input(@Nullable Object what, @Nullable ClientAddress from, @Nullable BrokerLink link) {}

  /** The fault. */
  interface Fault {
    void change(Input input, List<Action> actions);
  }

  private final Core real;
  private final Fault fault;

  BrokenCore(Core real, Fault fault) {
    this.real = real;
    this.fault = fault;
  }

  /** Its fault is what it overrides. */
  BrokenCore(Core real) {
    this(real, (input, actions) -> {});
  }

  private List<Action> broken(Input input, List<Action> actions) {
    List<Action> changed = new ArrayList<>(actions);
    fault.change(input, changed);
    return changed;
  }

  @Override
  public List<Action> start(long now) {
    return real.start(now);
  }

  @Override
  public List<Action> fromClient(ClientAddress from, Decoded decoded, long now) {
    Input input =
        decoded instanceof Encapsulated encapsulated
            ? new Input(
                encapsulated.message(),
                new ClientAddress(from.listener(), from.socket(), encapsulated.nodeId()),
                null)
            : new Input(decoded, from, null);
    return broken(input, real.fromClient(from, decoded, now));
  }

  @Override
  public List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now) {
    return broken(new Input(event, null, link), real.fromBroker(link, event, now));
  }

  @Override
  public List<Action> timeout(long now) {
    return broken(new Input(null, null, null), real.timeout(now));
  }

  @Override
  public long deadline() {
    return real.deadline();
  }

  @Override
  public List<Action> restore(List<SessionRecord> records, long downNanos, long now) {
    return real.restore(records, downNanos, now);
  }

  @Override
  public void restoreQueue(List<QueuedMessage.Summary> messages, long lastNumber, long now) {
    real.restoreQueue(messages, lastNumber, now);
  }

  @Override
  public List<Action> fromQueue(List<QueueEvent> events, long now) {
    return broken(new Input(events, null, null), real.fromQueue(events, now));
  }

  @Override
  public QueueView queue(long now) {
    return real.queue(now);
  }

  @Override
  public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
    return real.takeChanged(most, now);
  }

  @Override
  public List<Action> handOver(long now) {
    return real.handOver(now);
  }

  @Override
  public int sessions() {
    return real.sessions();
  }

  @Override
  public List<SessionView> views(long now) {
    return real.views(now);
  }

  @Override
  public long waitingMessages() {
    return real.waitingMessages();
  }

  @Override
  public long waitingBytes() {
    return real.waitingBytes();
  }
}
