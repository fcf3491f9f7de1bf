package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mqttsn.codec.Decoded;

/**
 * The core of one gateway: takes datagrams of clients and events of brokers, and returns what is to
 * be done.
 *
 * <p>Every input returns the actions to perform, in order. Calls come from one thread; {@code now}
 * is monotonic nanoseconds and never goes back.
 */
public final class Gateway {

  /** {@link #deadline()} when nothing waits. */
  public static final long NEVER = Time.NEVER;

  private final Shared shared;
  private final Outbox out;
  private final Admission admission;
  private final Discovery discovery;
  private final ConnectionlessPublish connectionless;
  private final Aggregation aggregation;
  private final SessionTable sessions;
  private final Reception reception;
  private boolean brokerUp;
  private boolean brokerCongested;
  private boolean stopping;

  public Gateway(Settings settings, long now) {
    shared = new Shared(settings);
    out = shared.out;
    admission = new Admission(settings, now);
    discovery = new Discovery(out, settings, now);
    aggregation = new Aggregation(settings, out, now);
    connectionless = new ConnectionlessPublish(out, settings, aggregation, now);
    sessions = new SessionTable(shared, admission, aggregation);
    reception = new Reception(shared, sessions, admission, discovery, connectionless);
  }

  /** Opens the gateway's own link. */
  public List<Action> start(long now) {
    aggregation.at(now);
    if (aggregation.isEmpty()) {
      openOwnLink();
    }
    aggregation.start();
    return finish(now);
  }

  /** A datagram, as decoded. What could not be decoded changes nothing. */
  public List<Action> fromClient(ClientAddress from, Decoded decoded, long now) {
    if (stopping) {
      return List.of();
    }
    aggregation.at(now);
    reception.received(from, decoded, now);
    return finish(now);
  }

  /**
   * Something from the broker, for the link that it is about. Links that were closed are silent.
   */
  public List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now) {
    aggregation.at(now);
    if (link.equals(BrokerLink.GATEWAY)) {
      ownLink(event, now);
    }
    SharedConnection connection = aggregation.connection(link);
    if (connection != null) {
      connection.fromBroker(event);
    } else {
      toSession(link, event, now);
    }
    return finish(now);
  }

  /** Does what is due. A call too early does nothing. */
  public List<Action> timeout(long now) {
    aggregation.at(now);
    discovery.timeout(now);
    sessions.timeout(now);
    aggregation.timeout();
    return finish(now);
  }

  /** When {@link #timeout} is due; {@link #NEVER} if nothing waits. */
  public long deadline() {
    return Math.min(Math.min(discovery.deadline(), sessions.deadline()), aggregation.deadline());
  }

  /**
   * Goes on with sessions of an earlier process; before {@link #start}.
   *
   * @param downNanos how long nobody was there
   */
  public List<Action> restore(List<SessionRecord> records, long downNanos, long now) {
    aggregation.at(now);
    for (SessionRecord record : records) {
      if (sessions.ofClient(record.clientId()) == null) {
        Deadlines.Slot slot = sessions.add(record.address(), record.clientId(), now);
        slot.session.restore(record, downNanos, now);
        sessions.settleRestored(slot, now);
      }
    }
    return finish(now);
  }

  /**
   * Goes on with the durable queue of an earlier process; before {@link #restore} and {@link
   * #start}.
   *
   * @param messages in the order of their numbers
   * @param lastNumber the highest number that a message had, as far as the disk knows; 0 for none
   */
  public void restoreQueue(Iterable<QueuedMessage.Summary> messages, long lastNumber, long now) {
    aggregation.at(now);
    aggregation.restoreQueue(messages, lastNumber);
  }

  /** What the disk of the durable queue says, in order. */
  public List<Action> fromQueue(List<QueueEvent> events, long now) {
    aggregation.at(now);
    aggregation.fromQueue(events);
    return finish(now);
  }

  /** A picture of the durable queue. */
  public QueueView queue(long now) {
    aggregation.at(now);
    return aggregation.queue();
  }

  /**
   * Sessions that changed since they were asked for last, with what they know now.
   *
   * @param most how many at the most; the others come with the next calls
   * @return by ClientId; nothing for a session that is over
   */
  public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
    return sessions.takeChanged(most, now);
  }

  /** The gateway ends, and another process goes on with its sessions: nobody is told anything. */
  public List<Action> handOver(long now) {
    stopping = true;
    for (Deadlines.Slot slot : sessions.all()) {
      sessions.changed(slot);
      slot.session.handOver();
    }
    closeOwnLinks(Action.Farewell.KEEP_SESSION);
    return out.drain();
  }

  /** Other settings, from now on; nobody's session ends. */
  public List<Action> reconfigure(Settings settings, long now) {
    aggregation.at(now);
    shared.settings = settings;
    shared.budget.limit(settings.sessions().buffersTotalBytes());
    admission.reconfigure(settings, now);
    discovery.reconfigure(settings, now);
    connectionless.reconfigure(settings);
    aggregation.reconfigure(settings.queue());
    return finish(now);
  }

  /** The gateway ends: clients that listen get DISCONNECT, links end with DISCONNECT. */
  public List<Action> stop(long now) {
    stopping = true;
    for (Deadlines.Slot slot : sessions.all()) {
      slot.session.end("the gateway stops", now);
    }
    closeOwnLinks(Action.Farewell.END_SESSION);
    return out.drain();
  }

  /** The highest sequence number of a publish over a shared connection; 0 where there is none. */
  public long highestSequence() {
    return aggregation.highestSequence();
  }

  /** Whether the gateway's own link is up. */
  public boolean isBrokerReachable() {
    return brokerUp;
  }

  public int sessions() {
    return sessions.size();
  }

  /** A picture of every session, for an operator. */
  public List<SessionView> views(long now) {
    List<SessionView> views = new ArrayList<>(sessions.size());
    sessions.all().forEach(slot -> views.add(slot.session.view(now)));
    return views;
  }

  /** Messages that wait for clients. */
  public long waitingMessages() {
    return shared.budget.messages();
  }

  /** Octets that wait for clients. */
  public long waitingBytes() {
    return shared.budget.usedBytes();
  }

  // --- the gateway's own link

  private void ownLink(BrokerEvent event, long now) {
    if (event instanceof BrokerEvent.Connected) {
      brokerUp = true;
      brokerCongested = false;
    } else if (event instanceof BrokerEvent.Congestion congestion) {
      brokerCongested = congestion.congested();
    } else if (event instanceof BrokerEvent.Lost || event instanceof BrokerEvent.Refused) {
      brokerUp = false;
      if (!stopping && aggregation.isEmpty()) {
        openOwnLink();
      }
    } else {
      return;
    }
    connectionless.brokerTakes(brokerUp && !brokerCongested);
    discovery.brokerReachable(brokerUp, now);
  }

  private void closeOwnLinks(Action.Farewell farewell) {
    aggregation.stop(farewell);
    if (aggregation.isEmpty()) {
      out.add(new Action.CloseLink(BrokerLink.GATEWAY, Action.Farewell.END_SESSION));
    }
  }

  private void toSession(BrokerLink link, BrokerEvent event, long now) {
    Deadlines.Slot slot = sessions.ofLink(link);
    if (slot != null) {
      slot.session.fromBroker(event, now);
      sessions.settle(slot, now);
    }
  }

  /** Delivers what shared connections have for sessions, until nobody has anything more to say. */
  private List<Action> finish(long now) {
    deliver(now);
    if (aggregation.settle()) {
      deliver(now);
    }
    return out.drain();
  }

  private void deliver(long now) {
    for (SharedMembers.Delivery next = aggregation.poll();
        next != null;
        next = aggregation.poll()) {
      toSession(next.link(), next.event(), now);
    }
  }

  private void openOwnLink() {
    out.add(
        new Action.OpenLink(
            BrokerLink.GATEWAY,
            new BrokerConnect(
                shared.settings.name(),
                true,
                false,
                1,
                1,
                null,
                0,
                BrokerConnect.Attempts.UNTIL_CLOSED)));
  }
}
