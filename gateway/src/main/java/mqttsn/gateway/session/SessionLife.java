package mqttsn.gateway.session;

import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.ReturnCode;

/**
 * The life of a session: the state of its client (§6.14, Figure 4), and what leads from one to
 * another: messages of the client, its broker connection, time.
 */
final class SessionLife {

  private final SessionContext context;
  private final SessionParts parts;

  private State state = State.DISCONNECTED;
  private boolean cleanSession = true;
  private boolean everActive;

  SessionLife(SessionContext context, SessionParts parts) {
    this.context = context;
    this.parts = parts;
  }

  State state() {
    return state;
  }

  /** Whether what the session knows ends with its connection. */
  boolean isCleanSession() {
    return cleanSession;
  }

  /** Whether messages from the client's address belong to this session. */
  boolean isReachable() {
    return state.isConnected() || parts.dialogue.isUnderWay();
  }

  /** Whether nothing is left that a later CONNECT could come back to. */
  boolean isOver() {
    return !isReachable()
        && parts.uplink.isClosed()
        && !parts.wills.isLeaving()
        && (cleanSession || !everActive);
  }

  /** Whether there is anything to go on with after a restart. */
  boolean isWorthKeeping() {
    return state.isConnected() || parts.wills.isLeaving() || (everActive && !cleanSession);
  }

  /** Goes on as an earlier process left it. */
  void resume(State left, boolean leftCleanSession) {
    state = left;
    cleanSession = leftCleanSession;
    everActive = true;
  }

  /** After a restart: finds the broker's session again, for the client or for its will. */
  void reconnect(long now) {
    if (state.isConnected()) {
      parts.uplink.resume(cleanSession, parts.wills.will(), now);
    } else if (parts.wills.isLeaving()) {
      state = State.LOST; // a client that was connecting anew does so again
      parts.uplink.resume(cleanSession, null, now);
    }
  }

  // --- the client

  /** Any message of the client is a sign of life (§6.14), of a sleeper too (SI-29). */
  void heard(long now) {
    parts.dialogue.heard();
    parts.keepAlive.heard(now);
    parts.sleep.heard(now);
  }

  /** Whether this CONNECT is the last one again and not a reboot. */
  boolean repeats(Connect connect, long now) {
    return parts.dialogue.isRepeated(connect, now)
        && (parts.dialogue.isUnderWay() || state == State.ACTIVE);
  }

  /** CONNECT, after the gateway has decided that this session is the one. */
  void connect(Connect connect, long now) {
    if (repeats(connect, now)) {
      parts.dialogue.repeated(now);
      if (state == State.ACTIVE) {
        parts.keepAlive.heard(now);
        context.toClient(new ConnAck(ReturnCode.ACCEPTED));
      }
      return;
    }
    boolean sameDuration = connect.durationSeconds() == parts.keepAlive.durationSeconds();
    boolean wakesUp = sameDuration && (state == State.ASLEEP || state == State.AWAKE);
    // SI-33: without CleanSession and Will the session goes on, from asleep too.
    boolean goesOn =
        !connect.cleanSession() && !connect.will() && !cleanSession && state.isConnected();
    parts.dialogue.begin(connect, now);
    parts.keepAlive.begin(connect.durationSeconds(), now);
    if (connect.cleanSession() && !context.route.isShared()) {
      parts.clientPublish.clear(now); // the broker's session ends
    }
    parts.clientPublish.clientRestarted();
    parts.subscriptions.clientRestarted();
    if (!wakesUp) {
      // SI-7: ids stay valid toward the gateway, and are registered again before they are used
      // toward the client.
      parts.topics.normal().unconfirmAll();
    }
    if (goesOn
        && (parts.uplink.isUp()
            || (parts.uplink.isRestoring() && now < parts.uplink.graceEnds()))) {
      becomeActive(now);
      return;
    }
    beginAnew(connect, now);
  }

  private void beginAnew(Connect connect, long now) {
    state = State.DISCONNECTED;
    parts.wills.clientReturned();
    parts.uplink.closeToReopen();
    parts.gatewayPublish.clear(connect.cleanSession());
    cleanSession = connect.cleanSession();
    if (cleanSession) {
      parts.topics.normal().clear();
      parts.subscriptions.clear();
      parts.wills.keep(null);
      if (everActive) {
        context.changedForGood(); // another process must not go on with what was before
      }
    }
    parts.dialogue.start(connect, now);
  }

  private void becomeActive(long now) {
    parts.dialogue.end();
    state = State.ACTIVE;
    if ((!everActive && !cleanSession) || parts.wills.will() != null) {
      context.changedForGood(); // the client relies on its session, or its will, from now on
    }
    everActive = true;
    parts.keepAlive.heard(now);
    parts.sleep.end();
    context.toClient(new ConnAck(ReturnCode.ACCEPTED));
    context.tell(Notice.Event.CONNECTED, cleanSession ? "clean session" : "");
    parts.gatewayPublish.resume(now);
  }

  /** PINGREQ: a life sign, or the end of a sleep (§6.11, §6.14). */
  void pingReq(PingReq pingReq, long now) {
    if (state == State.ACTIVE || (state == State.ASLEEP && pingReq.clientId().isEmpty())) {
      // SI-12: PINGREQ without ClientId from a sleeper is a life sign and does not wake it.
      context.toClient(new PingResp());
      return;
    }
    boolean again = state == State.AWAKE;
    state = State.AWAKE;
    parts.sleep.wakeUp(again, now);
  }

  /** DISCONNECT: goodbye, or sleep (§6.12, §6.14). */
  void disconnect(Disconnect disconnect, long now) {
    // SI-14: a duration of 0 is no duration.
    if (disconnect.durationSeconds() > 0) {
      boolean wasAsleep = state != State.ACTIVE;
      state = State.ASLEEP;
      parts.sleep.begin(disconnect.durationSeconds(), now);
      context.toClient(new Disconnect(0));
      if (!wasAsleep) {
        context.tell(Notice.Event.ASLEEP, disconnect.durationSeconds() + " s");
      }
    } else {
      context.toClient(new Disconnect(0));
      context.tell(Notice.Event.DISCONNECTED, "");
      if (parts.wills.will() != null) {
        context.changedForGood(); // another process must not find the client lost
      }
      leave(State.DISCONNECTED, now);
      parts.uplink.closeInGoodOrder();
    }
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

  // --- the broker connection

  /** The broker connection is there, for the first time or again. */
  void connected(BrokerEvent.Connected connected, long now) {
    boolean restored = parts.uplink.isRestoring();
    parts.uplink.connected(connected.limits(), connected.sessionPresent());
    if (!connected.sessionPresent()) {
      parts.gatewayPublish.forgottenByBroker();
    }
    if (!parts.uplink.isUp()) {
      return; // it was only restored to be closed in good order
    }
    // SI-21: subscriptions that the broker lost are made again, because the client believes in
    // them.
    parts.subscriptions.resend(connected.sessionPresent());
    parts.clientPublish.resend(connected.sessionPresent());
    parts.wills.resend(connected.sessionPresent());
    if (parts.dialogue.awaitsBroker()) {
      becomeActive(now);
    } else if (restored && state.isConnected()) {
      context.tell(Notice.Event.BROKER_BACK, connected.sessionPresent() ? "" : "session lost");
    }
    if (state.isConnected()) {
      parts.uplink.carry(parts.wills.will(), now);
    }
  }

  /** The broker, or the way to it, wants no connection of this client. */
  void refused(BrokerEvent.Refused refused) {
    parts.uplink.failed();
    if (parts.dialogue.awaitsBroker()) {
      context.tell(Notice.Event.REFUSED, refused.why());
      parts.dialogue.reject(refused.returnCode());
    }
  }

  /** The broker connection is gone. */
  void brokerLost(BrokerEvent.Lost lost, long now) {
    parts.sleep.brokerAnswered();
    if (parts.dialogue.awaitsBroker()) {
      parts.uplink.failed();
      parts.dialogue.reject(ReturnCode.CONGESTION);
    } else if (lost.takenOver() && state.isConnected()) {
      // SI-44: two gateways that restore the same session take it from each other for ever.
      parts.uplink.failed();
      end(lost.why(), now);
    } else if (state.isConnected() || parts.wills.isLeaving()) {
      context.tell(Notice.Event.BROKER_LOST, lost.why());
      parts.uplink.restore(parts.wills.will(), now);
    } else {
      parts.uplink.failed();
    }
  }

  // --- time, and the end

  /** When {@link #timeout} is due; {@link Time#NEVER} if nothing waits. */
  long deadline() {
    long next = Math.min(parts.dialogue.deadline(), parts.wills.deadline());
    if (state.listens()) {
      next = Math.min(next, parts.gatewayPublish.deadline());
    }
    return switch (state) {
      case ACTIVE -> Math.min(Math.min(next, parts.uplink.graceEnds()), parts.keepAlive.ends());
      case ASLEEP, AWAKE -> Math.min(next, parts.sleep.deadline(state));
      case DISCONNECTED -> Math.min(Math.min(next, parts.uplink.graceEnds()), expires());
      case LOST -> Math.min(next, expires()); // until the will is given up, whatever the grace
    };
  }

  /** Does what is due; a call too early does nothing. */
  void timeout(long now) {
    parts.dialogue.timeout(now);
    parts.wills.timeout(now);
    if (state.listens() && !parts.gatewayPublish.timeout(now)) {
      deliveryFailed(now);
    }
    if (state == State.ACTIVE && now >= parts.keepAlive.ends()) {
      lost("silent beyond its keep-alive of " + parts.keepAlive.durationSeconds() + " s", now);
    } else if (state == State.ACTIVE && now >= parts.uplink.graceEnds()) {
      end("broker away for longer than the grace", now);
    } else if (state == State.ASLEEP && now >= parts.sleep.deadline(state)) {
      lost("asleep beyond its duration", now);
    } else if (state == State.AWAKE) {
      parts.sleep.timeout(now);
    } else if (state == State.DISCONNECTED && now >= parts.uplink.graceEnds()) {
      parts.uplink.close();
    } else if (!isReachable() && !parts.wills.isLeaving() && now >= expires()) {
      cleanSession = true; // nothing is kept any longer
      parts.clientPublish.clear(now);
      parts.gatewayPublish.clear(true);
    }
    settle(now);
  }

  /** The client is lost (§6.14): publishes its will, then ends the broker connection. */
  void lost(String why, long now) {
    if (!state.isConnected()) {
      parts.dialogue.abandon();
      return;
    }
    context.tell(Notice.Event.LOST, why);
    leave(State.LOST, now);
    parts.keepAlive.heard(now); // what it left expires from now on
    parts.wills.publish(now);
    settle(now);
  }

  /** Ends the session by the gateway's decision; the client is told, if it listens. */
  void end(String why, long now) {
    if (state.listens()) {
      context.toClient(new Disconnect(0));
    }
    if (state.isConnected()) {
      context.tell(Notice.Event.ENDED, why);
    }
    parts.dialogue.end();
    leave(State.DISCONNECTED, now);
    parts.uplink.close();
  }

  /** The connection ends; with CleanSession 0 the session stays (SI-39). */
  private void leave(State next, long now) {
    state = next;
    parts.sleep.end();
    parts.gatewayPublish.clear(cleanSession);
    if (cleanSession) {
      parts.clientPublish.clear(now);
    }
  }

  /** What follows from where everything stands after an input. */
  void settle(long now) {
    if (state == State.AWAKE && parts.sleep.isOver(now)) {
      state = State.ASLEEP;
    }
    if (state == State.LOST && !parts.wills.isLeaving() && !parts.uplink.isClosed()) {
      parts.uplink.close();
    }
  }

  /** The client does not answer what was sent often enough. */
  private void deliveryFailed(long now) {
    if (state == State.AWAKE) {
      // SI-13: the message is kept for the next time.
      state = State.ASLEEP;
      parts.sleep.resume(now);
    } else {
      lost("no answer after " + context.settings().sessions().nRetry() + " retransmissions", now);
    }
  }

  private long expires() {
    return parts.dialogue.isUnderWay() || !parts.uplink.isClosed()
        ? Time.NEVER
        : parts.keepAlive.expires();
  }
}
