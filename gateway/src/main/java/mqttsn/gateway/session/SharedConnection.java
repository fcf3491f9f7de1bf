package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.LongSupplier;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * The aggregating gateway (§4.2): one MQTT connection for the links of many sessions.
 *
 * <p>A session keeps what it has under way and sends it again after an outage, as it does over a
 * connection of its own. Here is the way of every packet to the part that knows about it: {@link
 * SharedMembers}, {@link SharedUplink}, {@link SharedDownlink}, {@link SubscriptionRequests}, and
 * the durable queue.
 */
final class SharedConnection implements BrokerRoute {

  private final BrokerLink link;
  private final String clientId;
  private final long expirySeconds;
  private final Outbox out;
  private final ReceiveWindow window = new ReceiveWindow();
  private final PoisonTrial trial;
  private final ClearedIdentifiers cleared = new ClearedIdentifiers(this::toBroker);
  private final Origins origins;
  private final SharedMembers members;
  private final SharedSubscriptions subscriptions = new SharedSubscriptions();
  private final SubscriptionRequests requests;
  private final SharedUplink uplink;
  private final SharedDownlink downlink;

  /** The durable queue: with it the sessions' links stay up while the broker is away. */
  private final @Nullable QueuedUplink queued;

  private final @Nullable QueuedPublishes queuedPublishes;

  /** Who asked the broker for PINGRESP, in order. */
  private final Deque<BrokerLink> pinging = new ArrayDeque<>();

  /** Whether the broker may have a session to go on with: ours, or that of an earlier process. */
  private boolean hadSession;

  SharedConnection(
      BrokerLink link,
      String clientId,
      long expirySeconds,
      Settings.Aggregating settings,
      @Nullable MessageQueue queue,
      LongSupplier clock,
      Outbox out) {
    this.link = link;
    this.clientId = clientId;
    this.expirySeconds = expirySeconds;
    this.out = out;
    trial = new PoisonTrial(window, out, clock);
    origins = new Origins(settings.firstSequence());
    members = new SharedMembers(settings.topicPrefix());
    int highest = queue == null ? 0xFFFF : QueuedUplink.FIRST_PACKET_IDENTIFIER - 1;
    PacketIdentifiers packetIdentifiers = new PacketIdentifiers(highest, this::isInUse);
    requests =
        new SubscriptionRequests(
            subscriptions,
            packetIdentifiers,
            window,
            queue != null,
            this::toBroker,
            members::deliver);
    uplink =
        new SharedUplink(
            packetIdentifiers, window, trial, cleared, origins, this::toBroker, members::deliver);
    trial.add(uplink);
    if (queue == null) {
      queued = null;
      queuedPublishes = null;
    } else {
      queued = new QueuedUplink(queue, window, trial, cleared, out, this::toBroker, uplink);
      queuedPublishes = new QueuedPublishes(uplink, queued, origins, window, out);
      uplink.use(queuedPublishes);
      trial.add(queued);
    }
    downlink = new SharedDownlink(subscriptions, this::toBroker, members::deliver);
  }

  BrokerLink link() {
    return link;
  }

  long highestSequence() {
    return origins.highestSequence();
  }

  /** The next event for a session; null when there is none. */
  SharedMembers.@Nullable Delivery poll() {
    return members.poll();
  }

  /** Opens the connection; it is restored for ever after. */
  void start() {
    out.add(
        new Action.OpenLink(
            link,
            new BrokerConnect(
                clientId,
                !hadSession,
                true,
                expirySeconds,
                0xFFFF,
                null,
                0,
                BrokerConnect.Attempts.UNTIL_CLOSED)));
  }

  void stop(Action.Farewell farewell) {
    out.add(new Action.CloseLink(link, farewell));
  }

  // --- from the sessions ------------------------------------------------------------------------

  @Override
  public void open(BrokerLink from, BrokerConnect connect) {
    members.join(from, connect.clientId());
    if (connect.cleanStart()) {
      requests.unsubscribeAll(from); // what was published goes its way
      downlink.forget(from);
    }
    uplink.join(from, connect.clientId());
    if (window.isUp() || queued != null) {
      members.admit(from, true, window.limits()); // the broker's session is that of all
    } else if (connect.attempts() == BrokerConnect.Attempts.UNTIL_CLOSED || !window.wasUp()) {
      members.await(from); // the session bounds its wait itself
    } else {
      members.deliver(from, new BrokerEvent.Refused(ReturnCode.CONGESTION, "the broker is away"));
    }
  }

  @Override
  public void send(BrokerLink from, BrokerCommand command) {
    TopicPrefix prefix = members.prefixIfOpen(from);
    if (prefix == null) {
      return; // the session sends again what matters
    }
    if (command instanceof BrokerCommand.Publish publish) {
      if (!uplink.publish(from, publish, false, prefix)) {
        out.add(Action.Refusal.WINDOW);
        members.deliver(from, new BrokerEvent.NotTaken(publish.packetIdentifier()));
      }
    } else if (command instanceof BrokerCommand.PubRel pubRel) {
      uplink.pubRel(from, pubRel.packetIdentifier());
    } else if (command instanceof BrokerCommand.Subscribe subscribe) {
      requests.subscribe(from, subscribe, prefix);
    } else if (command instanceof BrokerCommand.Unsubscribe unsubscribe) {
      requests.unsubscribe(from, unsubscribe, prefix);
    } else if (command instanceof BrokerCommand.PingReq ping) {
      ping(from, ping);
    }
    // What is left acknowledges messages of the broker, which this connection did itself.
  }

  @Override
  public void sendWill(BrokerLink from, BrokerCommand.Publish will) {
    TopicPrefix prefix = members.prefixIfOpen(from);
    if (prefix != null && !uplink.publish(from, will, true, prefix)) {
      out.add(Action.Drop.BROKER_AWAY);
      members.deliver(from, new BrokerEvent.NotTaken(will.packetIdentifier()));
    }
  }

  @Override
  public void close(BrokerLink from, Action.Farewell farewell) {
    if (members.close(from) && farewell == Action.Farewell.END_SESSION) {
      forget(from);
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void forget(BrokerLink from) {
    members.forget(from);
    requests.unsubscribeAll(from);
    uplink.forget(from);
    downlink.forget(from);
  }

  @Override
  public int wireIdentifier(BrokerLink from, int packetIdentifier) {
    return uplink.wireIdentifier(from, packetIdentifier);
  }

  @Override
  public Set<Integer> unreleased(BrokerLink to) {
    return downlink.unreleased(to);
  }

  @Override
  public void recall(BrokerLink from, SessionRecord session) {
    TopicPrefix prefix = members.join(from, session.clientId());
    for (SessionRecord.Subscription subscription : session.subscriptions()) {
      String topicFilter = prefix.toFilter(subscription.topicFilter());
      // The broker goes on with what the earlier process asked for.
      subscriptions.add(from, topicFilter, subscription.qos()).granted(Qos.TWO);
    }
    uplink.join(from, session.clientId());
    session.exchanges().forEach(exchange -> uplink.recall(from, exchange));
    downlink.recall(from, session.received());
    hadSession = true;
  }

  private void ping(BrokerLink from, BrokerCommand.PingReq ping) {
    if (window.isUp()) {
      pinging.add(from);
      toBroker(ping);
    } else {
      members.deliver(from, new BrokerEvent.PingResp()); // nothing comes from the broker before it
    }
  }

  // --- the durable queue ------------------------------------------------------------------------

  /** A message that an earlier process left. */
  void restore(QueuedMessage.Summary summary) {
    if (queued != null) {
      queued.restore(summary);
      hadSession = true;
    }
  }

  /** QoS -1 over this connection: whether the durable queue has dealt with it. */
  boolean takesUnacknowledged(BrokerCommand.Publish publish) {
    return queuedPublishes != null && queuedPublishes.takesUnacknowledged(publish);
  }

  /** What is to be done at the end of each input. */
  void settle() {
    requests.proceed();
    trial.proceed();
    uplink.sendWaiting();
    if (queued != null) {
      queued.proceed();
    }
  }

  void timeout() {
    if (queuedPublishes != null) {
      queuedPublishes.timeout();
    }
  }

  long deadline() {
    return queued == null || queuedPublishes == null
        ? trial.deadline()
        : Math.min(trial.deadline(), Math.min(queued.deadline(), queuedPublishes.deadline()));
  }

  // --- from the broker --------------------------------------------------------------------------

  void fromBroker(BrokerEvent event) {
    if (event instanceof BrokerEvent.Publish publish) {
      downlink.publish(publish);
    } else if (event instanceof BrokerEvent.PubAck pubAck) {
      partyOf(pubAck.packetIdentifier()).pubAck(pubAck);
    } else if (event instanceof BrokerEvent.PubRec pubRec) {
      partyOf(pubRec.packetIdentifier()).pubRec(pubRec);
    } else if (event instanceof BrokerEvent.PubRel pubRel) {
      downlink.pubRel(pubRel.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      cleared.add(pubComp.packetIdentifier());
      partyOf(pubComp.packetIdentifier()).pubComp(pubComp.packetIdentifier());
    } else if (event instanceof BrokerEvent.SubAck subAck) {
      requests.subAck(subAck);
    } else if (event instanceof BrokerEvent.UnsubAck unsubAck) {
      requests.unsubAck(unsubAck.packetIdentifier());
    } else if (event instanceof BrokerEvent.PingResp pong) {
      BrokerLink asker = pinging.poll();
      if (asker != null) {
        members.deliver(asker, pong);
      }
    } else if (event instanceof BrokerEvent.Congestion congestion) {
      congestion(congestion);
    } else if (event instanceof BrokerEvent.Connected connected) {
      connected(connected.limits(), connected.sessionPresent());
    } else {
      String why = event instanceof BrokerEvent.Lost lost ? lost.why() : "refused";
      if (window.isUp()) {
        tell(Notice.Event.BROKER_LOST, why);
      }
      lost(why);
    }
  }

  /** Whose exchange this is. */
  private UplinkParty partyOf(int packetIdentifier) {
    return queued != null && queued.uses(packetIdentifier) ? queued : uplink;
  }

  private void congestion(BrokerEvent.Congestion congestion) {
    if (queued == null) {
      members.tellOpen(congestion); // sessions refuse what they would have to hold
    } else {
      window.congestion(congestion.congested());
    }
  }

  private void connected(BrokerLimits limits, boolean sessionPresent) {
    boolean isFirst = !window.wasUp();
    if (!isFirst) {
      tell(Notice.Event.BROKER_BACK, sessionPresent ? "" : "session lost");
    }
    hadSession = true;
    window.connected(limits, sessionPresent);
    trial.connected(sessionPresent);
    cleared.connected(isFirst, sessionPresent);
    uplink.connected(sessionPresent);
    if (queued != null) {
      queued.connected(sessionPresent);
    }
    if (!sessionPresent) {
      downlink.forgottenByBroker();
    }
    requests.connected(isFirst, sessionPresent);
    // With acknowledgements by the broker alone sessions keep what they have under way.
    boolean sendAgain = queued != null && queued.leavesWaitingToSessions();
    members.connected(sessionPresent, limits, sendAgain);
  }

  private void lost(String why) {
    if (queued != null && queuedPublishes != null) {
      queuedPublishes.lost();
      queued.lost();
    }
    trial.lost(requests.areOpen());
    window.lost();
    uplink.lost();
    requests.lost();
    if (queued == null) {
      members.lost(why);
    } else {
      pinging.forEach(asker -> members.deliver(asker, new BrokerEvent.PingResp()));
    }
    pinging.clear();
    start();
  }

  /** About this connection. */
  private void tell(Notice.Event event, String detail) {
    out.add(new Action.Tell(new Notice(event, clientId, null, detail)));
  }

  private void toBroker(BrokerCommand command) {
    out.add(new Action.Command(link, command));
  }

  private boolean isInUse(int packetIdentifier) {
    return requests.uses(packetIdentifier)
        || uplink.uses(packetIdentifier)
        || trial.isUnusable(packetIdentifier)
        || (queued != null && queued.uses(packetIdentifier));
  }
}
