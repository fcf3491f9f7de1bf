package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mqttsn.codec.Advertise;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Decoded;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Legible;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SearchGw;
import mqttsn.codec.SubAck;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unusable;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillTopicResp;
import mqttsn.topic.PredefinedTopics;
import org.jspecify.annotations.Nullable;

/**
 * All clients of one gateway: finds the session of an address, and does what needs no session
 * (discovery, QoS -1).
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
  private final BrokerRoute ownConnections;
  private final Aggregation aggregation;
  private final Deadlines deadlines = new Deadlines();
  private final Map<String, Deadlines.Slot> byClientId = new HashMap<>();
  private final Map<ClientAddress, Deadlines.Slot> byAddress = new HashMap<>();
  private final Map<BrokerLink, Deadlines.Slot> byLink = new HashMap<>();
  private final Map<String, Deadlines.Slot> changed = new LinkedHashMap<>();
  private long lastLink;
  private long lastAssignedId;
  private boolean brokerUp;
  private boolean brokerCongested;
  private boolean stopping;

  public Gateway(Settings settings, long now) {
    shared = new Shared(settings);
    out = shared.out;
    admission = new Admission(settings, now);
    discovery = new Discovery(out, settings, now);
    ownConnections = new OwnConnections(out);
    aggregation = new Aggregation(settings, out);
    connectionless = new ConnectionlessPublish(out, settings, now);
  }

  /** Opens the gateway's own link. */
  public List<Action> start(long now) {
    if (aggregation.isEmpty()) {
      openOwnLink();
    }
    aggregation.start();
    return out.drain();
  }

  /** A datagram, as decoded. What could not be decoded changes nothing. */
  public List<Action> fromClient(ClientAddress from, Decoded decoded, long now) {
    if (stopping) {
      return List.of();
    }
    if (decoded instanceof Legible message) {
      legible(from, message, now);
    } else if (decoded instanceof Encapsulated encapsulated) {
      ClientAddress node = new ClientAddress(from.listener(), from.socket(), encapsulated.nodeId());
      if (Admission.allows(node, shared.settings.forwarders())) {
        discovery.heardThrough(node);
        legible(node, encapsulated.message(), now);
      } else {
        out.add(Action.Refusal.FORWARDER);
      }
    }
    return finish(now);
  }

  /**
   * Something from the broker, for the link that it is about. Links that were closed are silent.
   */
  public List<Action> fromBroker(BrokerLink link, BrokerEvent event, long now) {
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
    discovery.timeout(now);
    for (Deadlines.Slot slot = deadlines.pollDue(now);
        slot != null;
        slot = deadlines.pollDue(now)) {
      slot.session.timeout(now);
      settle(slot, now);
    }
    return finish(now);
  }

  /** When {@link #timeout} is due; {@link #NEVER} if nothing waits. */
  public long deadline() {
    return Math.min(discovery.deadline(), deadlines.next());
  }

  /**
   * Goes on with sessions of an earlier process; before {@link #start}.
   *
   * @param downNanos how long nobody was there
   */
  public List<Action> restore(List<SessionRecord> sessions, long downNanos, long now) {
    for (SessionRecord record : sessions) {
      if (!byClientId.containsKey(record.clientId())) {
        Deadlines.Slot slot = newSlot(record.address(), record.clientId(), now);
        slot.session.restore(record, downNanos, now);
        settle(slot, now);
      }
    }
    return out.drain();
  }

  /**
   * Sessions that changed since they were asked for last, with what they know now.
   *
   * @param most how many at the most; the others come with the next calls
   * @return by ClientId; nothing for a session that is over
   */
  public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
    Map<String, Optional<SessionRecord>> taken = new LinkedHashMap<>();
    Iterator<Map.Entry<String, Deadlines.Slot>> oldestFirst = changed.entrySet().iterator();
    while (oldestFirst.hasNext() && taken.size() < most) {
      Map.Entry<String, Deadlines.Slot> entry = oldestFirst.next();
      Session session = entry.getValue().session;
      boolean lives = byClientId.get(entry.getKey()) == entry.getValue();
      taken.put(
          entry.getKey(),
          lives && session.isWorthKeeping() ? Optional.of(session.record(now)) : Optional.empty());
      oldestFirst.remove();
    }
    return taken;
  }

  /** The gateway ends, and another process goes on with its sessions: nobody is told anything. */
  public List<Action> handOver(long now) {
    stopping = true;
    for (Deadlines.Slot slot : byClientId.values()) {
      changed.put(slot.session.clientId(), slot);
      slot.session.handOver();
    }
    closeOwnLinks(Action.Farewell.KEEP_SESSION);
    return out.drain();
  }

  /** Other settings, from now on; nobody's session ends. */
  public List<Action> reconfigure(Settings settings, long now) {
    shared.settings = settings;
    shared.budget.limit(settings.sessions().buffersTotalBytes());
    admission.reconfigure(settings, now);
    discovery.reconfigure(settings, now);
    connectionless.reconfigure(settings);
    return out.drain();
  }

  /** The gateway ends: clients that listen get DISCONNECT, links end with DISCONNECT. */
  public List<Action> stop(long now) {
    stopping = true;
    for (Deadlines.Slot slot : byClientId.values()) {
      slot.session.end("the gateway stops");
    }
    closeOwnLinks(Action.Farewell.END_SESSION);
    return out.drain();
  }

  /** Whether the gateway's own link is up. */
  public boolean isBrokerReachable() {
    return brokerUp;
  }

  public int sessions() {
    return byClientId.size();
  }

  /** A picture of every session, for an operator. */
  public List<SessionView> views(long now) {
    List<SessionView> views = new ArrayList<>(byClientId.size());
    byClientId.values().forEach(slot -> views.add(slot.session.view(now)));
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

  // --- clients

  private void legible(ClientAddress from, Legible message, long now) {
    Deadlines.Slot slot = byAddress.get(from);
    if (message instanceof Unusable unusable) {
      unusable(from, unusable, slot, now);
    } else if (message instanceof Connect connect) {
      connect(from, connect, slot, now);
    } else if (message instanceof Publish publish && publish.qos() == Qos.MINUS_ONE) {
      connectionless.publish(from, publish, predefinedFor(slot), now);
      if (slot != null && slot.session.state().isConnected()) {
        slot.session.heard(now);
        settle(slot, now);
      }
    } else if (message instanceof SearchGw search) {
      discovery.searchGw(from, search);
    } else if (message instanceof Advertise advertise) {
      discovery.advertise(advertise, now);
    } else if (message instanceof GwInfo info) {
      discovery.gwInfo(info, now);
    } else if (message instanceof ToGateway toGateway) {
      inSession(from, toGateway, slot, now);
    }
  }

  private void inSession(
      ClientAddress from, ToGateway message, Deadlines.@Nullable Slot slot, long now) {
    if (message instanceof PingReq pingReq && !pingReq.clientId().isEmpty()) {
      slot = sessionOf(from, pingReq, slot);
    }
    if (slot == null && byAddress.containsKey(from)) {
      // SI-12: whoever it is, the client at this address is not to suffer from it.
      out.add(Action.Refusal.OUT_OF_STATE);
    } else if (slot == null) {
      stranger(from, message, now);
    } else {
      slot.session.fromClient(message, now);
      settle(slot, now);
    }
  }

  /** The session that a PINGREQ with ClientId wakes; null for none (SI-12). */
  private Deadlines.@Nullable Slot sessionOf(
      ClientAddress from, PingReq pingReq, Deadlines.@Nullable Slot atAddress) {
    if (atAddress != null) {
      return atAddress.session.clientId().equals(pingReq.clientId()) ? atAddress : null;
    }
    Deadlines.Slot named = byClientId.get(pingReq.clientId());
    boolean sleeps = named != null && named.session.state() == State.ASLEEP;
    if (named != null && sleeps && shared.settings.sessions().rebindSleeper()) {
      move(named, from);
      return named;
    }
    return null;
  }

  /** A session-requiring message from an address without a session (§6.12, SI-6). */
  private void stranger(ClientAddress from, ToGateway message, long now) {
    out.add(Action.Refusal.UNKNOWN_SENDER);
    boolean isAnswer =
        message instanceof RegAck
            || message instanceof PubAck
            || message instanceof PubRec
            || message instanceof PubComp
            || message instanceof PingResp;
    if (!isAnswer && admission.answersStranger(from, now)) {
      out.add(new Action.Send(from, new Disconnect(0)));
    }
  }

  private void unusable(
      ClientAddress from, Unusable unusable, Deadlines.@Nullable Slot slot, long now) {
    out.add(Action.Refusal.UNUSABLE);
    ToClient answer = notSupported(unusable);
    if (slot != null) {
      slot.session.unusable(unusable.type());
      settle(slot, now);
    }
    boolean hasConnection = slot != null && slot.session.state().isConnected();
    boolean answered =
        hasConnection || (answer instanceof ConnAck && admission.answersStranger(from, now));
    if (answer != null && answered) {
      out.add(new Action.Send(from, answer));
    }
  }

  /** The negative answer to a request; null where the standard has none. */
  private static @Nullable ToClient notSupported(Unusable request) {
    ReturnCode code = ReturnCode.NOT_SUPPORTED;
    return switch (request.type()) {
      case CONNECT -> new ConnAck(code);
      case REGISTER -> new RegAck(0, request.msgId(), code);
      case PUBLISH -> new PubAck(request.topicId(), request.msgId(), code);
      case SUBSCRIBE -> new SubAck(Qos.ZERO, 0, request.msgId(), code);
      case WILLTOPICUPD -> new WillTopicResp(code);
      case WILLMSGUPD -> new WillMsgResp(code);
      case WILLTOPIC, WILLMSG -> null; // CONNACK ends the dialogue, if there is one
      case ADVERTISE,
          SEARCHGW,
          GWINFO,
          CONNACK,
          WILLTOPICREQ,
          WILLMSGREQ,
          REGACK,
          PUBACK,
          PUBCOMP,
          PUBREC,
          PUBREL,
          SUBACK,
          UNSUBSCRIBE,
          UNSUBACK,
          PINGREQ,
          PINGRESP,
          DISCONNECT,
          WILLTOPICRESP,
          WILLMSGRESP ->
          null;
    };
  }

  private void connect(
      ClientAddress from, Connect connect, Deadlines.@Nullable Slot atAddress, long now) {
    Deadlines.Slot slot = sessionOf(connect, atAddress);
    boolean isHere = slot != null && slot == atAddress;
    boolean isRepeated = isHere && slot != null && slot.session.repeats(connect, now);
    if (!isRepeated && !admits(from, connect, slot, isHere, now)) {
      return;
    }
    if (atAddress != null && !isHere) {
      // SI-15: it did not say goodbye.
      atAddress.session.lost("another client connects from its address", now);
      vacate(atAddress);
      settle(atAddress, now);
    }
    slot = slot == null ? newSlot(from, clientIdFor(connect), now) : slot;
    move(slot, from);
    slot.session.connect(connect, now);
    settle(slot, now);
  }

  /** The session that a CONNECT means; one without ClientId can only mean that of its address. */
  private Deadlines.@Nullable Slot sessionOf(Connect connect, Deadlines.@Nullable Slot atAddress) {
    if (!connect.clientId().isEmpty()) {
      return byClientId.get(connect.clientId());
    }
    return atAddress != null && atAddress.session.isNameless() ? atAddress : null;
  }

  private boolean admits(
      ClientAddress from,
      Connect connect,
      Deadlines.@Nullable Slot known,
      boolean isHere,
      long now) {
    Settings.Sessions limits = shared.settings.sessions();
    if (!isClientIdTaken(connect, limits)) {
      return refuse(from, connect, ReturnCode.NOT_SUPPORTED, Action.Refusal.CLIENT_ID);
    }
    if (!admission.admitsConnect(from, now)) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.CONNECT_RATE);
    }
    if (known == null && byClientId.size() >= limits.max()) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.TOO_MANY_SESSIONS);
    }
    if (!isHere && !admission.hasRoomBehindForwarder(from, shared.settings.forwarders())) {
      return refuse(from, connect, ReturnCode.CONGESTION, Action.Refusal.FORWARDER);
    }
    return true;
  }

  /** A session without a ClientId could not be found again, so it has to be a clean one (SI-2). */
  private static boolean isClientIdTaken(Connect connect, Settings.Sessions limits) {
    return connect.clientId().isEmpty()
        ? limits.allowEmptyClientId() && connect.cleanSession()
        : connect.clientId().length() <= limits.maxClientIdLength();
  }

  private boolean refuse(
      ClientAddress from, Connect connect, ReturnCode returnCode, Action.Refusal why) {
    out.add(why);
    out.add(
        new Action.Tell(new Notice(Notice.Event.REFUSED, connect.clientId(), from, why.label())));
    out.add(new Action.Send(from, new ConnAck(returnCode)));
    return false;
  }

  private Deadlines.Slot newSlot(ClientAddress from, String clientId, long now) {
    BrokerLink link = new BrokerLink(++lastLink);
    Session session = new Session(clientId, from, link, routeOf(clientId), shared, now);
    Deadlines.Slot slot = new Deadlines.Slot(session);
    byClientId.put(clientId, slot);
    byLink.put(link, slot);
    return slot;
  }

  /** The ClientId of a new session: the client's own, or one that the gateway makes up. */
  private String clientIdFor(Connect connect) {
    String clientId = connect.clientId();
    while (clientId.isEmpty() || byClientId.containsKey(clientId)) {
      clientId = shared.settings.name() + "-client-" + ++lastAssignedId;
    }
    return clientId;
  }

  /** The client is at another address from now on (SI-11). */
  private void move(Deadlines.Slot slot, ClientAddress to) {
    if (!slot.session.address().equals(to)) {
      vacate(slot);
      slot.session.moveTo(to);
    }
  }

  /** What follows from where a session stands after an input. */
  private void settle(Deadlines.Slot slot, long now) {
    Session session = slot.session;
    if (shared.settings.sessions().survive()) {
      changed.put(session.clientId(), slot);
      if (session.pollChangedForGood()) {
        out.addFirst(new Action.Persist(session.record(now)));
      }
    }
    if (session.isReachable()) {
      if (byAddress.put(session.address(), slot) != slot) {
        admission.occupied(session.address());
      }
    } else {
      vacate(slot);
    }
    if (session.isOver()) {
      byClientId.remove(session.clientId());
      byLink.remove(session.link());
      routeOf(session.clientId()).forget(session.link());
      deadlines.forget(slot);
    } else {
      deadlines.watch(slot);
    }
  }

  private void vacate(Deadlines.Slot slot) {
    if (byAddress.remove(slot.session.address(), slot)) {
      admission.vacated(slot.session.address());
    }
  }

  private PredefinedTopics.View predefinedFor(Deadlines.@Nullable Slot slot) {
    PredefinedTopics topics = shared.settings.predefinedTopics();
    return slot == null ? topics.forEveryone() : topics.forClient(slot.session.clientId());
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

  private BrokerRoute routeOf(String clientId) {
    SharedConnection connection = aggregation.connectionOf(clientId);
    return connection == null ? ownConnections : connection;
  }

  private void toSession(BrokerLink link, BrokerEvent event, long now) {
    Deadlines.Slot slot = byLink.get(link);
    if (slot != null) {
      slot.session.fromBroker(event, now);
      settle(slot, now);
    }
  }

  /** Delivers what shared connections have for sessions, until nobody has anything more to say. */
  private List<Action> finish(long now) {
    for (SharedConnection.Delivery next = aggregation.poll();
        next != null;
        next = aggregation.poll()) {
      toSession(next.link(), next.event(), now);
    }
    return out.drain();
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
