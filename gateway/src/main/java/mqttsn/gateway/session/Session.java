package mqttsn.gateway.session;

import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.MessageType;
import mqttsn.codec.PingReq;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopicUpd;

/**
 * One client: the one dispatch over its messages and events of the broker.
 *
 * <p>Each message goes to exactly one procedure, which owns its data, or to the {@link
 * SessionLife}, which has the state of the client. Actions go to the outbox of the {@link Gateway}
 * that owns this session.
 */
final class Session {

  private final SessionContext context;
  private final SessionParts parts;
  private final SessionLife life;
  private final SessionMemory memory;

  Session(
      String clientId,
      ClientAddress address,
      BrokerLink link,
      BrokerRoute route,
      Shared shared,
      long now) {
    context = new SessionContext(clientId, address, link, route, shared);
    parts = new SessionParts(context, now);
    life = new SessionLife(context, parts);
    memory = new SessionMemory(context, parts, life);
  }

  String clientId() {
    return context.clientId;
  }

  ClientAddress address() {
    return context.address();
  }

  /** Whether the client gave no ClientId, so that the gateway gave it one. */
  boolean isNameless() {
    return parts.dialogue.isNameless();
  }

  BrokerLink link() {
    return context.link;
  }

  State state() {
    return life.state();
  }

  /** Whether messages from the client's address belong to this session. */
  boolean isReachable() {
    return life.isReachable();
  }

  /** Whether nothing is left that a later CONNECT could come back to. */
  boolean isOver() {
    return life.isOver();
  }

  /** Whether there is anything to go on with after a restart. */
  boolean isWorthKeeping() {
    return life.isWorthKeeping();
  }

  /** Whether something has changed that has to be written down before anybody hears of it. */
  boolean pollChangedForGood() {
    return context.pollChangedForGood();
  }

  SessionView view(long now) {
    State state = life.state();
    return new SessionView(
        context.clientId,
        context.address(),
        state,
        Math.max(0, parts.keepAlive.silentNanos(now)),
        state == State.ASLEEP ? Math.max(0, parts.sleep.expectedBy() - now) : 0,
        parts.keepAlive.durationSeconds(),
        life.isCleanSession(),
        parts.gatewayPublish.waitingMessages(),
        parts.gatewayPublish.waitingBytes(),
        parts.topics.size(),
        parts.subscriptions.size(),
        parts.uplink.isUp());
  }

  /** What this session knows. */
  SessionRecord record(long now) {
    return memory.record(now);
  }

  /**
   * Goes on where a record ends.
   *
   * @param downNanos how long nobody was there to hear the client
   */
  void restore(SessionRecord session, long downNanos, long now) {
    memory.restore(session, downNanos, now);
  }

  /** Another process goes on with this session; the client is not to notice. */
  void handOver() {
    parts.dialogue.end();
    parts.uplink.handOver();
  }

  // --- the client

  void fromClient(ToGateway message, long now) {
    if (!life.state().isConnected()) {
      parts.dialogue.fromClient(message, now);
      return;
    }
    life.heard(now);
    switch (message.type()) {
      case WILLTOPIC, WILLMSG -> parts.dialogue.answerAgain(message, life.state(), now);
      case REGISTER -> parts.topics.register((Register) message);
      case REGACK -> parts.gatewayPublish.regAck((RegAck) message, now);
      case PUBLISH -> parts.clientPublish.publish((Publish) message, now);
      case PUBACK -> parts.gatewayPublish.pubAck((PubAck) message, now);
      case PUBREC -> parts.gatewayPublish.pubRec(((PubRec) message).msgId(), now);
      case PUBREL -> parts.clientPublish.pubRel(((PubRel) message).msgId());
      case PUBCOMP -> parts.gatewayPublish.pubComp(((PubComp) message).msgId(), now);
      case SUBSCRIBE -> parts.subscriptions.subscribe((Subscribe) message, now);
      case UNSUBSCRIBE -> parts.subscriptions.unsubscribe((Unsubscribe) message, now);
      case PINGREQ -> life.pingReq((PingReq) message, now);
      case PINGRESP -> {} // a life sign, no more
      case DISCONNECT -> life.disconnect((Disconnect) message, now);
      case WILLTOPICUPD -> parts.wills.update((WillTopicUpd) message, now);
      case WILLMSGUPD -> parts.wills.update((WillMsgUpd) message, now);
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
    life.settle(now);
  }

  /** Any message of the client is a sign of life (§6.14), of a sleeper too (SI-29). */
  void heard(long now) {
    life.heard(now);
  }

  /** A request that deserves a negative answer. */
  void unusable(MessageType type) {
    parts.dialogue.unusable(type);
  }

  /** Whether this CONNECT is the last one again and not a reboot. */
  boolean repeats(Connect connect, long now) {
    return life.repeats(connect, now);
  }

  /** CONNECT, after the gateway has decided that this session is the one. */
  void connect(Connect connect, long now) {
    life.connect(connect, now);
  }

  /** The client appears at another address; the old one is told, unless it sleeps. */
  void moveTo(ClientAddress address) {
    life.moveTo(address);
  }

  // --- the broker

  void fromBroker(BrokerEvent event, long now) {
    if (event instanceof BrokerEvent.Publish publish) {
      publish(publish, now);
    } else if (event instanceof BrokerEvent.PubAck pubAck) {
      parts.wills.pubAck(pubAck.packetIdentifier());
      parts.clientPublish.pubAck(pubAck, now);
    } else if (event instanceof BrokerEvent.NotTaken notTaken) {
      parts.wills.pubAck(notTaken.packetIdentifier());
      parts.clientPublish.notTaken(notTaken, now);
      parts.subscriptions.notTaken(notTaken.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.Deferred deferred) {
      parts.wills.deferred(deferred.packetIdentifier());
      parts.clientPublish.deferred(deferred.packetIdentifier());
    } else if (event instanceof BrokerEvent.Sending sending) {
      parts.clientPublish.sending(sending.packetIdentifier());
    } else if (event instanceof BrokerEvent.PubRec pubRec) {
      parts.wills.pubRec(pubRec);
      parts.clientPublish.pubRec(pubRec);
    } else if (event instanceof BrokerEvent.PubRel pubRel) {
      parts.acknowledgements.pubRel(pubRel.packetIdentifier());
    } else if (event instanceof BrokerEvent.Released) {
      parts.acknowledgements.released();
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      parts.wills.pubAck(pubComp.packetIdentifier());
      parts.clientPublish.pubComp(pubComp.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.SubAck subAck) {
      parts.subscriptions.subAck(subAck, now);
    } else if (event instanceof BrokerEvent.UnsubAck unsubAck) {
      parts.subscriptions.unsubAck(unsubAck.packetIdentifier(), now);
    } else if (event instanceof BrokerEvent.PingResp) {
      parts.sleep.brokerAnswered();
    } else if (event instanceof BrokerEvent.Congestion congestion) {
      parts.uplink.congestion(congestion.congested());
    } else if (event instanceof BrokerEvent.Connected connected) {
      life.connected(connected, now);
    } else if (event instanceof BrokerEvent.Refused refused) {
      life.refused(refused);
    } else if (event instanceof BrokerEvent.Lost lost) {
      life.brokerLost(lost, now);
    }
    life.settle(now);
  }

  private void publish(BrokerEvent.Publish publish, long now) {
    if (life.state().isConnected()) {
      parts.gatewayPublish.publish(publish);
      if (life.state().listens()) {
        parts.gatewayPublish.proceed(now);
      }
    } else if (publish.qos() != Qos.ZERO
        && publish.packetIdentifier() == 0
        && !life.isCleanSession()) {
      parts.gatewayPublish.publish(publish); // acknowledged already: only this gateway has it
    } else if (publish.packetIdentifier() == 0) {
      context.act(Action.Drop.SESSION_ENDED);
    }
  }

  // --- time, and the end

  /** When {@link #timeout} is due; {@link Time#NEVER} if nothing waits. */
  long deadline() {
    return life.deadline();
  }

  /** Does what is due; a call too early does nothing. */
  void timeout(long now) {
    life.timeout(now);
  }

  /** The client is lost (§6.14): publishes its will, then ends the broker connection. */
  void lost(String why, long now) {
    life.lost(why, now);
  }

  /** Ends the session by the gateway's decision; the client is told, if it listens. */
  void end(String why, long now) {
    life.end(why, now);
  }

  /** Nobody comes back to this session: drops what it has under way. */
  void forget(long now) {
    parts.clientPublish.clear(now);
  }
}
