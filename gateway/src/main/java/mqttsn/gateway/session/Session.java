package mqttsn.gateway.session;

import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.MessageType;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopicUpd;

/**
 * One client: its state (§6.14, Figure 4), and the one dispatch over messages of the client and
 * events of the broker.
 *
 * <p>Each message goes to exactly one procedure, which owns its data. Actions go to the outbox of
 * the {@link Gateway} that owns this session.
 */
final class Session {

  /** So many packet identifiers may have been used since the last record was written. */
  private static final int UNRECORDED_PACKET_IDENTIFIERS = 4_096;

  private final SessionContext context;
  private final ClientTopics topics;
  private final Uplink uplink;
  private final ConnectDialogue dialogue;
  private final WillKeeper wills;
  private final Subscriptions subscriptions;
  private final ClientPublish clientPublish;
  private final BrokerAcknowledgements acknowledgements;
  private final GatewayPublish gatewayPublish;
  private final SleepCycle sleep;
  private final PacketIdentifiers packetIdentifiers;
  private final KeepAlive keepAlive;

  private State state = State.DISCONNECTED;
  private boolean cleanSession = true;
  private boolean everActive;

  Session(
      String clientId,
      ClientAddress address,
      BrokerLink link,
      BrokerRoute route,
      Shared shared,
      long now) {
    context = new SessionContext(clientId, address, link, route, shared);
    topics = new ClientTopics(context);
    uplink = new Uplink(context);
    packetIdentifiers = new PacketIdentifiers(this::isPacketIdentifierInUse);
    wills = new WillKeeper(context, uplink, packetIdentifiers);
    dialogue = new ConnectDialogue(context, wills, uplink);
    subscriptions = new Subscriptions(context, topics, uplink, packetIdentifiers);
    clientPublish = new ClientPublish(context, topics, uplink, packetIdentifiers);
    acknowledgements = new BrokerAcknowledgements(context, uplink);
    gatewayPublish = new GatewayPublish(context, topics, subscriptions, acknowledgements);
    sleep = new SleepCycle(context, uplink, gatewayPublish, acknowledgements);
    keepAlive = new KeepAlive(context, now);
  }

  String clientId() {
    return context.clientId;
  }

  ClientAddress address() {
    return context.address();
  }

  /** Whether the client gave no ClientId, so that the gateway gave it one. */
  boolean isNameless() {
    return dialogue.isNameless();
  }

  BrokerLink link() {
    return context.link;
  }

  State state() {
    return state;
  }

  /** Whether messages from the client's address belong to this session. */
  boolean isReachable() {
    return state.isConnected() || dialogue.isUnderWay();
  }

  /** Whether nothing is left that a later CONNECT could come back to. */
  boolean isOver() {
    return !isReachable()
        && uplink.isClosed()
        && !wills.isLeaving()
        && (cleanSession || !everActive);
  }

  SessionView view(long now) {
    return new SessionView(
        context.clientId,
        context.address(),
        state,
        Math.max(0, keepAlive.silentNanos(now)),
        state == State.ASLEEP ? Math.max(0, sleep.expectedBy() - now) : 0,
        keepAlive.durationSeconds(),
        cleanSession,
        gatewayPublish.waitingMessages(),
        gatewayPublish.waitingBytes(),
        topics.size(),
        subscriptions.size(),
        uplink.isUp());
  }

  /** Whether something has changed that has to be written down before anybody hears of it. */
  boolean pollChangedForGood() {
    return context.pollChangedForGood();
  }

  /** Whether there is anything to go on with after a restart. */
  boolean isWorthKeeping() {
    return state.isConnected() || wills.isLeaving() || (everActive && !cleanSession);
  }

  /** What this session knows. */
  SessionRecord record(long now) {
    return new SessionRecord(
        context.clientId,
        context.address(),
        state == State.AWAKE ? State.ASLEEP : state,
        cleanSession,
        keepAlive.durationSeconds(),
        sleep.durationSeconds(),
        keepAlive.silentNanos(now),
        wills.will(),
        topics.normal().snapshot(),
        subscriptions.records(),
        clientPublish.records(),
        clientPublish.completed(),
        gatewayPublish.outstanding(),
        gatewayPublish.waiting(),
        acknowledgements.received(),
        gatewayPublish.lastMsgId(),
        packetIdentifiers.last(),
        wills.leaving());
  }

  /**
   * Goes on where a record ends.
   *
   * @param downNanos how long nobody was there to hear the client
   */
  void restore(SessionRecord session, long downNanos, long now) {
    state = session.state();
    cleanSession = session.cleanSession();
    everActive = true;
    wills.keep(session.will());
    topics.restore(session.topics());
    subscriptions.restore(session.subscriptions());
    clientPublish.restore(session.exchanges(), session.completed(), now);
    acknowledgements.restore(session.received());
    gatewayPublish.restore(session, now);
    packetIdentifiers.startAfter(
        (session.lastPacketIdentifier() + UNRECORDED_PACKET_IDENTIFIERS) & 0xFFFF);
    // SI-41: a client is not silent while nobody listens.
    long awayNanos = state.isConnected() ? 0 : downNanos;
    long lastHeard = now - session.silentNanos() - awayNanos;
    keepAlive.begin(session.durationSeconds(), lastHeard);
    if (state == State.ASLEEP) {
      sleep.begin(session.sleepSeconds(), lastHeard);
    }
    context.route.recall(context.link, session);
    wills.restoreLeaving(session.leavingWill(), now);
    if (state.isConnected()) {
      uplink.resume(cleanSession, wills.will(), now);
    } else if (wills.isLeaving()) {
      state = State.LOST; // a client that was connecting anew does so again
      uplink.resume(cleanSession, null, now);
    }
  }

  /** Another process goes on with this session; the client is not to notice. */
  void handOver() {
    dialogue.end();
    uplink.handOver();
  }

  // --- the client

  void fromClient(ToGateway message, long now) {
    if (!state.isConnected()) {
      dialogue.fromClient(message, now);
      return;
    }
    heard(now);
    switch (message.type()) {
      case WILLTOPIC, WILLMSG -> dialogue.answerAgain(message, state, now);
      case REGISTER -> topics.register((Register) message);
      case REGACK -> gatewayPublish.regAck((RegAck) message, now);
      case PUBLISH -> clientPublish.publish((Publish) message, now);
      case PUBACK -> gatewayPublish.pubAck((PubAck) message, now);
      case PUBREC -> gatewayPublish.pubRec(((PubRec) message).msgId(), now);
      case PUBREL -> clientPublish.pubRel(((PubRel) message).msgId());
      case PUBCOMP -> gatewayPublish.pubComp(((PubComp) message).msgId(), now);
      case SUBSCRIBE -> subscriptions.subscribe((Subscribe) message, now);
      case UNSUBSCRIBE -> subscriptions.unsubscribe((Unsubscribe) message, now);
      case PINGREQ -> pingReq((PingReq) message, now);
      case PINGRESP -> {} // a life sign, no more
      case DISCONNECT -> disconnect((Disconnect) message, now);
      case WILLTOPICUPD -> wills.update((WillTopicUpd) message, now);
      case WILLMSGUPD -> wills.update((WillMsgUpd) message, now);
      case ADVERTISE,
          SEARCHGW,
          GWINFO,
          CONNECT,
          CONNACK,
          WILLTOPICREQ,
          WILLMSGREQ,
          SUBACK,
          UNSUBACK,
          WILLTOPICRESP,
          WILLMSGRESP ->
          throw new IllegalArgumentException(message.type() + " is not a session's message");
    }
    settle(now);
  }

  /** Any message of the client is a sign of life (§6.14), of a sleeper too (SI-29). */
  void heard(long now) {
    dialogue.heard();
    keepAlive.heard(now);
    sleep.heard(now);
  }

  /** A request that deserves a negative answer. */
  void unusable(MessageType type) {
    dialogue.unusable(type);
  }

  /** Whether this CONNECT is the last one again and not a reboot. */
  boolean repeats(Connect connect, long now) {
    return dialogue.isRepeated(connect, now) && (dialogue.isUnderWay() || state == State.ACTIVE);
  }

  /** CONNECT, after the gateway has decided that this session is the one. */
  void connect(Connect connect, long now) {
    if (repeats(connect, now)) {
      dialogue.repeated(now);
      if (state == State.ACTIVE) {
        keepAlive.heard(now);
        context.toClient(new ConnAck(ReturnCode.ACCEPTED));
      }
      return;
    }
    boolean sameDuration = connect.durationSeconds() == keepAlive.durationSeconds();
    boolean wakesUp = sameDuration && (state == State.ASLEEP || state == State.AWAKE);
    // SI-33: without CleanSession and Will the session goes on, from asleep too.
    boolean goesOn =
        !connect.cleanSession() && !connect.will() && !cleanSession && state.isConnected();
    dialogue.begin(connect, now);
    keepAlive.begin(connect.durationSeconds(), now);
    clientPublish.clientRestarted();
    subscriptions.clientRestarted();
    if (!wakesUp) {
      // SI-7: ids stay valid toward the gateway, and are registered again before they are used
      // toward the client.
      topics.normal().unconfirmAll();
    }
    if (goesOn && (uplink.isUp() || (uplink.isRestoring() && now < uplink.graceEnds()))) {
      becomeActive(now);
      return;
    }
    beginAnew(connect, now);
  }

  private void beginAnew(Connect connect, long now) {
    state = State.DISCONNECTED;
    wills.clientReturned();
    uplink.close();
    gatewayPublish.clear(connect.cleanSession());
    cleanSession = connect.cleanSession();
    if (cleanSession) {
      topics.normal().clear();
      subscriptions.clear();
      clientPublish.clear();
      wills.keep(null);
      if (everActive) {
        context.changedForGood(); // another process must not go on with what was before
      }
    }
    dialogue.start(connect, now);
  }

  private void becomeActive(long now) {
    dialogue.end();
    state = State.ACTIVE;
    if ((!everActive && !cleanSession) || wills.will() != null) {
      context.changedForGood(); // the client relies on its session, or its will, from now on
    }
    everActive = true;
    keepAlive.heard(now);
    sleep.end();
    context.toClient(new ConnAck(ReturnCode.ACCEPTED));
    context.tell(Notice.Event.CONNECTED, cleanSession ? "clean session" : "");
    gatewayPublish.resume(now);
  }

  private void pingReq(PingReq pingReq, long now) {
    if (state == State.ACTIVE || (state == State.ASLEEP && pingReq.clientId().isEmpty())) {
      // SI-12: PINGREQ without ClientId from a sleeper is a life sign and does not wake it.
      context.toClient(new PingResp());
      return;
    }
    boolean again = state == State.AWAKE;
    state = State.AWAKE;
    sleep.wakeUp(again, now);
  }

  private void disconnect(Disconnect disconnect, long now) {
    // SI-14: a duration of 0 is no duration.
    if (disconnect.durationSeconds() > 0) {
      boolean wasAsleep = state != State.ACTIVE;
      state = State.ASLEEP;
      sleep.begin(disconnect.durationSeconds(), now);
      context.toClient(new Disconnect(0));
      if (!wasAsleep) {
        context.tell(Notice.Event.ASLEEP, disconnect.durationSeconds() + " s");
      }
    } else {
      context.toClient(new Disconnect(0));
      context.tell(Notice.Event.DISCONNECTED, "");
      if (wills.will() != null) {
        context.changedForGood(); // another process must not find the client lost
      }
      leave(State.DISCONNECTED);
      uplink.closeInGoodOrder();
    }
  }

  // --- the broker

  void fromBroker(BrokerEvent event, long now) {
    if (event instanceof BrokerEvent.Publish publish) {
      publish(publish, now);
    } else if (event instanceof BrokerEvent.PubAck pubAck) {
      wills.pubAck(pubAck.packetIdentifier());
      clientPublish.pubAck(pubAck, now);
    } else if (event instanceof BrokerEvent.NotTaken notTaken) {
      wills.pubAck(notTaken.packetIdentifier());
      clientPublish.notTaken(notTaken.packetIdentifier());
      subscriptions.notTaken(notTaken.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.PubRec pubRec) {
      wills.pubRec(pubRec);
      clientPublish.pubRec(pubRec);
    } else if (event instanceof BrokerEvent.PubRel pubRel) {
      acknowledgements.pubRel(pubRel.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      wills.pubAck(pubComp.packetIdentifier());
      clientPublish.pubComp(pubComp.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.SubAck subAck) {
      subscriptions.subAck(subAck, now);
    } else if (event instanceof BrokerEvent.UnsubAck unsubAck) {
      subscriptions.unsubAck(unsubAck.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.PingResp) {
      sleep.brokerAnswered();
    } else if (event instanceof BrokerEvent.Congestion congestion) {
      uplink.congestion(congestion.congested());
    } else if (event instanceof BrokerEvent.Connected connected) {
      connected(connected, now);
    } else if (event instanceof BrokerEvent.Refused refused) {
      refused(refused);
    } else if (event instanceof BrokerEvent.Lost lost) {
      brokerLost(lost, now);
    }
    settle(now);
  }

  private void publish(BrokerEvent.Publish publish, long now) {
    if (state.isConnected()) {
      gatewayPublish.publish(publish);
      if (state.listens()) {
        gatewayPublish.proceed(now);
      }
    } else if (publish.qos() != Qos.ZERO && publish.packetIdentifier() == 0 && !cleanSession) {
      gatewayPublish.publish(publish); // acknowledged already: only this gateway has it
    } else if (publish.packetIdentifier() == 0) {
      context.act(Action.Drop.SESSION_ENDED);
    }
  }

  private void connected(BrokerEvent.Connected connected, long now) {
    boolean restored = uplink.isRestoring();
    uplink.connected(connected.limits(), connected.sessionPresent());
    if (!connected.sessionPresent()) {
      gatewayPublish.forgottenByBroker();
    }
    if (!uplink.isUp()) {
      return; // it was only restored to be closed in good order
    }
    // SI-21: subscriptions that the broker lost are made again, because the client believes in
    // them.
    subscriptions.resend(connected.sessionPresent());
    clientPublish.resend(connected.sessionPresent());
    wills.resend(connected.sessionPresent());
    if (dialogue.awaitsBroker()) {
      becomeActive(now);
    } else if (restored && state.isConnected()) {
      context.tell(Notice.Event.BROKER_BACK, connected.sessionPresent() ? "" : "session lost");
    }
    if (state.isConnected()) {
      uplink.carry(wills.will(), now);
    }
  }

  private void refused(BrokerEvent.Refused refused) {
    uplink.failed();
    if (dialogue.awaitsBroker()) {
      context.tell(Notice.Event.REFUSED, refused.why());
      dialogue.reject(refused.returnCode());
    }
  }

  private void brokerLost(BrokerEvent.Lost lost, long now) {
    sleep.brokerAnswered();
    if (dialogue.awaitsBroker()) {
      uplink.failed();
      dialogue.reject(ReturnCode.CONGESTION);
    } else if (state.isConnected() || wills.isLeaving()) {
      context.tell(Notice.Event.BROKER_LOST, lost.why());
      uplink.restore(wills.will(), now);
    } else {
      uplink.failed();
    }
  }

  // --- time

  /** When {@link #timeout} is due; {@link Time#NEVER} if nothing waits. */
  long deadline() {
    long next = Math.min(dialogue.deadline(), wills.deadline());
    if (state.listens()) {
      next = Math.min(next, gatewayPublish.deadline());
    }
    return switch (state) {
      case ACTIVE -> Math.min(Math.min(next, uplink.graceEnds()), keepAlive.ends());
      case ASLEEP, AWAKE -> Math.min(next, sleep.deadline(state));
      case DISCONNECTED -> Math.min(Math.min(next, uplink.graceEnds()), expires());
      case LOST -> Math.min(next, expires()); // until the will is given up, whatever the grace
    };
  }

  /** Does what is due; a call too early does nothing. */
  void timeout(long now) {
    dialogue.timeout(now);
    wills.timeout(now);
    if (state.listens() && !gatewayPublish.timeout(now)) {
      deliveryFailed(now);
    }
    if (state == State.ACTIVE && now >= keepAlive.ends()) {
      lost("silent beyond its keep-alive of " + keepAlive.durationSeconds() + " s", now);
    } else if (state == State.ACTIVE && now >= uplink.graceEnds()) {
      end("broker away for longer than the grace");
    } else if (state == State.ASLEEP && now >= sleep.deadline(state)) {
      lost("asleep beyond its duration", now);
    } else if (state == State.AWAKE) {
      sleep.timeout(now);
    } else if (state == State.DISCONNECTED && now >= uplink.graceEnds()) {
      uplink.close();
    } else if (!isReachable() && !wills.isLeaving() && now >= expires()) {
      cleanSession = true; // nothing is kept any longer
      clientPublish.clear();
      gatewayPublish.clear(true);
    }
    settle(now);
  }

  /** The client is lost (§6.14): publishes its will, then ends the broker connection. */
  void lost(String why, long now) {
    if (!state.isConnected()) {
      dialogue.abandon();
      return;
    }
    context.tell(Notice.Event.LOST, why);
    leave(State.LOST);
    keepAlive.heard(now); // what it left expires from now on
    wills.publish(now);
    settle(now);
  }

  /** Ends the session by the gateway's decision; the client is told, if it listens. */
  void end(String why) {
    if (state.listens()) {
      context.toClient(new Disconnect(0));
    }
    if (state.isConnected()) {
      context.tell(Notice.Event.ENDED, why);
    }
    dialogue.end();
    leave(State.DISCONNECTED);
    uplink.close();
  }

  /** The client appears at another address; the old one is told, unless it sleeps. */
  void moveTo(ClientAddress address) {
    if (state.listens()) {
      context.toClient(new Disconnect(0));
    }
    if (state.isConnected()) {
      context.tell(Notice.Event.MOVED, "now " + address);
    }
    context.moveTo(address);
  }

  /** The connection ends; with CleanSession 0 the session stays (SI-39). */
  private void leave(State next) {
    state = next;
    sleep.end();
    gatewayPublish.clear(cleanSession);
    if (cleanSession) {
      clientPublish.clear();
    }
  }

  /** What follows from where everything stands after an input. */
  private void settle(long now) {
    if (state == State.AWAKE && sleep.isOver(now)) {
      state = State.ASLEEP;
    }
    if (state == State.LOST && !wills.isLeaving() && !uplink.isClosed()) {
      uplink.close();
    }
  }

  /** The client does not answer what was sent often enough. */
  private void deliveryFailed(long now) {
    if (state == State.AWAKE) {
      // SI-13: the message is kept for the next time.
      state = State.ASLEEP;
      sleep.resume(now);
    } else {
      lost("no answer after " + context.settings().sessions().nRetry() + " retransmissions", now);
    }
  }

  private long expires() {
    return dialogue.isUnderWay() || !uplink.isClosed() ? Time.NEVER : keepAlive.expires();
  }

  private boolean isPacketIdentifierInUse(int packetIdentifier) {
    return clientPublish.uses(packetIdentifier)
        || subscriptions.uses(packetIdentifier)
        || wills.uses(packetIdentifier);
  }
}
