package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.SharedSubscriptions.Filter;
import org.jspecify.annotations.Nullable;

/**
 * The aggregating gateway (§4.2): one MQTT connection for the links of many sessions.
 *
 * <p>A session keeps what it has under way and sends it again after an outage, as it does over a
 * connection of its own. Here are the opening and closing of links, and the way of every packet to
 * the part that knows about it: {@link SharedUplink}, {@link SharedSubscriptions} or {@link
 * SharedDownlink}.
 */
final class SharedConnection implements BrokerRoute {

  /** An event for the session of a link, to be delivered after the present input. */
  record Delivery(BrokerLink link, BrokerEvent event) {}

  /** The link of one session. */
  private static final class Member {
    final TopicPrefix prefix;
    boolean open;

    /** Opened, and the connection is not there yet. */
    boolean waits;

    Member(TopicPrefix prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * What a request of SUBSCRIBE or UNSUBSCRIBE was about; no link for those of the connection
   * itself.
   *
   * @param isNew whether the link was not subscribed before
   */
  private record Asked(
      @Nullable BrokerLink link, int packetIdentifier, Filter filter, Qos qos, boolean isNew) {}

  private final BrokerLink link;
  private final String clientId;
  private final long expirySeconds;
  private final String topicPrefix;
  private final Outbox out;
  private final Map<BrokerLink, Member> members = new LinkedHashMap<>();
  private final Map<Integer, Asked> asked = new HashMap<>();

  /** Filters of which the broker may not know what is wanted. */
  private final Set<Filter> unanswered = new LinkedHashSet<>();

  private final Deque<BrokerLink> pinging = new ArrayDeque<>();
  private final Deque<Delivery> deliveries = new ArrayDeque<>();
  private final SharedSubscriptions subscriptions;

  /** Filters that the broker's session may still have, and nobody wants. */
  private final Set<String> abandoned = new LinkedHashSet<>();

  private final PacketIdentifiers packetIdentifiers;
  private final ReceiveWindow window = new ReceiveWindow();
  private final SharedUplink uplink;
  private final SharedDownlink downlink;

  /** The durable queue: with it the sessions' links stay up while the broker is away. */
  private final @Nullable QueuedUplink queued;

  private final @Nullable QueuedPublishes queuedPublishes;

  /** Whether the broker may have a session to go on with: ours, or that of an earlier process. */
  private boolean hadSession;

  private boolean connectedBefore;

  SharedConnection(
      BrokerLink link,
      String clientId,
      long expirySeconds,
      Settings.Aggregating settings,
      @Nullable MessageQueue queue,
      Outbox out) {
    this.topicPrefix = settings.topicPrefix();
    this.link = link;
    this.clientId = clientId;
    this.expirySeconds = expirySeconds;
    this.out = out;
    subscriptions = new SharedSubscriptions();
    int highest = queue == null ? 0xFFFF : QueuedUplink.FIRST_PACKET_IDENTIFIER - 1;
    packetIdentifiers = new PacketIdentifiers(highest, this::isInUse);
    uplink =
        new SharedUplink(
            packetIdentifiers, window, settings.firstSequence(), this::toBroker, this::deliver);
    if (queue == null) {
      queued = null;
      queuedPublishes = null;
    } else {
      queued = new QueuedUplink(queue, window, out, this::toBroker, uplink::answered);
      queuedPublishes = new QueuedPublishes(uplink, queued, window, out);
      uplink.use(queuedPublishes);
    }
    downlink = new SharedDownlink(subscriptions, this::toBroker, this::deliver);
  }

  BrokerLink link() {
    return link;
  }

  long highestSequence() {
    return uplink.highestSequence();
  }

  /** The next event for a session; null when there is none. */
  @Nullable Delivery poll() {
    return deliveries.poll();
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
    Member member =
        members.computeIfAbsent(
            from, l -> new Member(TopicPrefix.of(topicPrefix, connect.clientId())));
    if (connect.cleanStart()) {
      leaveAll(from); // what was published goes its way, the will above all
    }
    uplink.join(from, connect.clientId());
    if (window.isUp() || queued != null) {
      admit(from, member, !connect.cleanStart());
    } else if (connect.attempts() == BrokerConnect.Attempts.UNTIL_CLOSED || !connectedBefore) {
      member.waits = true; // the session bounds its wait itself
    } else {
      deliver(from, new BrokerEvent.Refused(ReturnCode.CONGESTION, "the broker is away"));
    }
  }

  @Override
  public void send(BrokerLink from, BrokerCommand command) {
    Member member = members.get(from);
    if (member == null || !isOpen(member)) {
      return; // the session sends again what matters
    }
    if (command instanceof BrokerCommand.Publish publish) {
      uplink.publish(from, publish, false, member.prefix);
    } else if (command instanceof BrokerCommand.PubRel pubRel) {
      uplink.pubRel(from, pubRel.packetIdentifier());
    } else if (command instanceof BrokerCommand.Subscribe subscribe) {
      subscribe(from, subscribe, member.prefix);
    } else if (command instanceof BrokerCommand.Unsubscribe unsubscribe) {
      leave(subscriptions.remove(from, member.prefix.toFilter(unsubscribe.topicFilter())));
      deliver(from, new BrokerEvent.UnsubAck(unsubscribe.packetIdentifier()));
    } else if (command instanceof BrokerCommand.PingReq ping) {
      ping(from, ping);
    }
    // What is left acknowledges messages of the broker, which this connection did itself.
  }

  @Override
  public void sendWill(BrokerLink from, BrokerCommand.Publish will) {
    Member member = members.get(from);
    if (member != null && isOpen(member)) {
      uplink.publish(from, will, true, member.prefix);
    }
  }

  @Override
  public void close(BrokerLink from, Action.Farewell farewell) {
    Member member = members.get(from);
    if (member == null) {
      return;
    }
    member.open = false;
    member.waits = false;
    if (farewell == Action.Farewell.END_SESSION) {
      forget(from);
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void forget(BrokerLink from) {
    members.remove(from);
    leaveAll(from);
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
    TopicPrefix prefix = TopicPrefix.of(topicPrefix, session.clientId());
    members.put(from, new Member(prefix));
    for (SessionRecord.Subscription subscription : session.subscriptions()) {
      subscriptions.add(from, prefix.toFilter(subscription.topicFilter()), subscription.qos());
    }
    uplink.join(from, session.clientId());
    session.exchanges().forEach(exchange -> uplink.recall(from, exchange));
    downlink.recall(from, session.received());
    hadSession = true;
  }

  private boolean isOpen(Member member) {
    return member.open && (window.isUp() || queued != null);
  }

  private void subscribe(BrokerLink from, BrokerCommand.Subscribe subscribe, TopicPrefix prefix) {
    String topicFilter = prefix.toFilter(subscribe.topicFilter());
    boolean needsBroker =
        subscribe.sendRetained() || !subscriptions.covers(topicFilter, subscribe.qos());
    if (needsBroker && !window.isUp()) {
      deliver(from, new BrokerEvent.NotTaken(subscribe.packetIdentifier()));
      return;
    }
    boolean isNew = !subscriptions.has(from, topicFilter);
    Filter filter = subscriptions.add(from, topicFilter, subscribe.qos());
    if (!needsBroker) {
      Qos granted = filter.grantedTo(subscribe.qos());
      deliver(
          from, new BrokerEvent.SubAck(subscribe.packetIdentifier(), ReturnCode.ACCEPTED, granted));
      return;
    }
    if (subscribe.sendRetained()) {
      filter.retainedGoTo(from);
    }
    ask(
        new Asked(from, subscribe.packetIdentifier(), filter, subscribe.qos(), isNew),
        subscribe.sendRetained());
  }

  private void ask(Asked request, boolean sendRetained) {
    int packetIdentifier = packetIdentifiers.next();
    Filter filter = request.filter();
    asked.put(packetIdentifier, request);
    filter.asked();
    toBroker(
        new BrokerCommand.Subscribe(
            packetIdentifier,
            filter.topicFilter,
            filter.wanted(),
            window.limits().mqttVersion() >= 5 ? filter.subscriptionIdentifier : 0,
            sendRetained));
  }

  private void ping(BrokerLink from, BrokerCommand.PingReq ping) {
    if (window.isUp()) {
      pinging.add(from);
      toBroker(ping);
    } else {
      deliver(from, new BrokerEvent.PingResp()); // nothing comes from the broker before it
    }
  }

  private void leaveAll(BrokerLink from) {
    subscriptions.removeAll(from).forEach(this::leave);
  }

  private void leave(@Nullable Filter unused) {
    if (unused != null && window.isUp()) {
      int packetIdentifier = packetIdentifiers.next();
      asked.put(packetIdentifier, new Asked(null, 0, unused, Qos.ZERO, false));
      toBroker(new BrokerCommand.Unsubscribe(packetIdentifier, unused.topicFilter));
    } else if (unused != null) {
      abandoned.add(unused.topicFilter);
    }
  }

  // --- the durable queue ------------------------------------------------------------------------

  /** A message that an earlier process left. */
  void restore(QueuedMessage.Summary summary, long now) {
    if (queued != null) {
      queued.restore(summary, now);
      hadSession = true;
    }
  }

  /** QoS -1 over this connection: whether the durable queue has dealt with it. */
  boolean takesUnacknowledged(BrokerCommand.Publish publish) {
    return queuedPublishes != null && queuedPublishes.takesUnacknowledged(publish);
  }

  /** What is to be done at the end of each input. */
  void settle() {
    if (queued != null) {
      uplink.sendWaiting();
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
        ? Time.NEVER
        : Math.min(queued.deadline(), queuedPublishes.deadline());
  }

  // --- from the broker --------------------------------------------------------------------------

  void fromBroker(BrokerEvent event) {
    if (event instanceof BrokerEvent.Publish publish) {
      downlink.publish(publish);
    } else if (event instanceof BrokerEvent.PubAck pubAck) {
      if (queued != null && queued.uses(pubAck.packetIdentifier())) {
        queued.pubAck(pubAck);
      } else {
        uplink.pubAck(pubAck);
      }
    } else if (event instanceof BrokerEvent.PubRec pubRec) {
      if (queued != null && queued.uses(pubRec.packetIdentifier())) {
        queued.pubRec(pubRec);
      } else {
        uplink.pubRec(pubRec);
      }
    } else if (event instanceof BrokerEvent.PubRel pubRel) {
      downlink.pubRel(pubRel.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      if (queued != null && queued.uses(pubComp.packetIdentifier())) {
        queued.pubComp(pubComp.packetIdentifier());
      } else {
        uplink.pubComp(pubComp.packetIdentifier());
      }
    } else if (event instanceof BrokerEvent.SubAck subAck) {
      subAck(subAck);
    } else if (event instanceof BrokerEvent.UnsubAck unsubAck) {
      asked.remove(unsubAck.packetIdentifier());
    } else if (event instanceof BrokerEvent.PingResp pong) {
      BrokerLink asker = pinging.poll();
      if (asker != null) {
        deliver(asker, pong);
      }
    } else if (event instanceof BrokerEvent.Congestion congestion && queued != null) {
      window.congestion(congestion.congested());
    } else if (event instanceof BrokerEvent.Congestion) {
      toOpenMembers(event);
    } else if (event instanceof BrokerEvent.Connected connected) {
      connected(connected);
    } else {
      lost(event);
    }
  }

  private void subAck(BrokerEvent.SubAck subAck) {
    Asked request = asked.remove(subAck.packetIdentifier());
    if (request == null) {
      return;
    }
    boolean accepted = subAck.returnCode() == ReturnCode.ACCEPTED;
    if (accepted) {
      request.filter().granted(subAck.grantedQos());
    } else if (request.link() != null) {
      leave(subscriptions.remove(request.link(), request.filter().topicFilter));
    }
    if (request.link() != null) {
      deliver(
          request.link(),
          new BrokerEvent.SubAck(
              request.packetIdentifier(),
              subAck.returnCode(),
              accepted ? request.filter().grantedTo(request.qos()) : Qos.ZERO));
    }
  }

  private void connected(BrokerEvent.Connected connected) {
    hadSession = true;
    boolean isFirst = !connectedBefore;
    connectedBefore = true;
    boolean sessionPresent = connected.sessionPresent();
    window.connected(connected.limits(), sessionPresent);
    uplink.connected(sessionPresent);
    if (queued != null) {
      queued.connected(sessionPresent);
    }
    if (!sessionPresent) {
      downlink.forgottenByBroker();
    }
    subscribeAgain(isFirst || !sessionPresent, sessionPresent);
    members.forEach(
        (from, member) -> {
          // With acknowledgements by the broker alone sessions keep what they have under way.
          boolean sendsAgain = member.open && queued != null && queued.leavesWaitingToSessions();
          if (member.waits || sendsAgain) {
            admit(from, member, sessionPresent);
          }
        });
  }

  /**
   * Asks for what the broker may not know, and ends what nobody wants.
   *
   * @param everything what an earlier process asked for has the subscription identifiers of that
   *     process
   */
  private void subscribeAgain(boolean everything, boolean sessionPresent) {
    if (everything) {
      unanswered.addAll(subscriptions.all());
    }
    for (Filter filter : unanswered) {
      if (!filter.isUnused()) {
        ask(new Asked(null, 0, filter, filter.wanted(), false), false);
      }
    }
    unanswered.clear();
    for (String topicFilter : abandoned) {
      if (sessionPresent && !subscriptions.isWanted(topicFilter)) {
        int packetIdentifier = packetIdentifiers.next();
        asked.put(
            packetIdentifier, new Asked(null, 0, Filter.unused(topicFilter), Qos.ZERO, false));
        toBroker(new BrokerCommand.Unsubscribe(packetIdentifier, topicFilter));
      }
    }
    abandoned.clear();
  }

  private void lost(BrokerEvent event) {
    if (queued != null && queuedPublishes != null) {
      queuedPublishes.lost();
      queued.lost();
    }
    window.lost();
    uplink.lost();
    for (Asked request : asked.values()) {
      unansweredByBroker(request);
    }
    asked.clear();
    if (queued == null) {
      String why = event instanceof BrokerEvent.Lost lost ? lost.why() : "refused";
      toOpenMembers(new BrokerEvent.Lost(why));
      members.values().forEach(member -> member.open = false);
    } else {
      pinging.forEach(asker -> deliver(asker, new BrokerEvent.PingResp()));
    }
    pinging.clear();
    start();
  }

  private void unansweredByBroker(Asked request) {
    Filter filter = request.filter();
    BrokerLink asker = request.link();
    if (queued != null && asker != null) {
      deliver(asker, new BrokerEvent.NotTaken(request.packetIdentifier()));
      if (request.isNew()) {
        leave(subscriptions.remove(asker, filter.topicFilter));
      }
    }
    if (filter.isUnused()) {
      abandoned.add(filter.topicFilter);
    } else {
      unanswered.add(filter);
    }
  }

  private void admit(BrokerLink to, Member member, boolean sessionPresent) {
    member.open = true;
    member.waits = false;
    // The broker's receive maximum is shared out here; a session has its own window.
    BrokerLimits limits = window.limits();
    BrokerLimits forSession =
        new BrokerLimits(
            limits.mqttVersion(),
            0xFFFF,
            limits.maximumQos(),
            limits.retainAvailable(),
            limits.maximumPacketBytes());
    deliver(to, new BrokerEvent.Connected(sessionPresent, forSession));
  }

  private void toOpenMembers(BrokerEvent event) {
    members.forEach(
        (to, member) -> {
          if (member.open) {
            deliver(to, event);
          }
        });
  }

  private void deliver(BrokerLink to, BrokerEvent event) {
    Member member = members.get(to);
    if (member != null && event instanceof BrokerEvent.Publish publish) {
      deliveries.add(
          new Delivery(to, publish.withTopicName(member.prefix.strip(publish.topicName()))));
    } else {
      deliveries.add(new Delivery(to, event));
    }
  }

  private void toBroker(BrokerCommand command) {
    out.add(new Action.Command(link, command));
  }

  private boolean isInUse(int packetIdentifier) {
    return asked.containsKey(packetIdentifier)
        || uplink.uses(packetIdentifier)
        || (queued != null && queued.uses(packetIdentifier));
  }

  /** Every filter that somebody wants, for tests and the operator. */
  List<String> filters() {
    List<String> filters = new ArrayList<>();
    subscriptions.all().forEach(filter -> filters.add(filter.topicFilter));
    return filters;
  }
}
