package mqttsn.gateway.session;

import java.util.List;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;

/**
 * Publishes of the client (§6.6): PUBLISH up to PUBACK or PUBCOMP.
 *
 * <p>The client gets its acknowledgement when the broker gave one, not before. This is the side of
 * the client: what it is answered, and what it sent before; {@link PublishExchanges} is the
 * broker's.
 */
final class ClientPublish {

  private final SessionContext context;
  private final ClientTopics topics;
  private final Uplink uplink;
  private final PublishExchanges exchanges;
  private final EndedPublishes ended;
  private long nextErrorAnswerAt = Long.MIN_VALUE;

  ClientPublish(
      SessionContext context,
      ClientTopics topics,
      Uplink uplink,
      PacketIdentifiers packetIdentifiers) {
    this.context = context;
    this.topics = topics;
    this.uplink = uplink;
    this.exchanges = new PublishExchanges(context, uplink, packetIdentifiers);
    this.ended = new EndedPublishes(context);
  }

  /** The publishes under way, for a record. */
  List<SessionRecord.Exchange> records() {
    return exchanges.records();
  }

  /** The MsgIds of those with QoS 2 that ended lately, for a record. */
  List<Integer> completed() {
    return ended.completed();
  }

  /** Goes on where a record ends. */
  void restore(List<SessionRecord.Exchange> records, List<Integer> completed, long now) {
    ended.restore(completed, now);
    exchanges.restore(records);
  }

  boolean uses(int packetIdentifier) {
    return exchanges.byPacketIdentifier(packetIdentifier) != null;
  }

  /** PUBLISH with QoS 0, 1 or 2. */
  void publish(Publish publish, long now) {
    if (publish.qos() != Qos.ZERO && isDuplicate(publish, now)) {
      return;
    }
    String topicName = topics.nameOf(publish.topic());
    if (publish.qos() != Qos.ZERO && publish.msgId() == 0) {
      refuse(publish, ReturnCode.NOT_SUPPORTED, Action.Refusal.OUT_OF_STATE, now);
    } else if (topicName == null) {
      refuse(publish, ReturnCode.INVALID_TOPIC_ID, Action.Refusal.TOPIC, now);
    } else if (publish.topic() instanceof ShortName && !ClientTopics.isPublishable(topicName)) {
      refuse(publish, ReturnCode.NOT_SUPPORTED, Action.Refusal.TOPIC, now);
    } else if (!uplink.admits(publish.qos(), publish.retain(), topicName, publish.data().size())) {
      refuse(publish, ReturnCode.NOT_SUPPORTED, Action.Refusal.BROKER, now);
    } else if (publish.qos() == Qos.ZERO) {
      relayUnacknowledged(publish, topicName, now);
    } else {
      begin(publish, topicName, now);
    }
  }

  /**
   * PUBREL of the client; one that belongs to nothing is answered, so that the client can end
   * (§6.6).
   */
  void pubRel(int msgId) {
    PublishExchange exchange = exchanges.byMsgId(msgId, Qos.TWO);
    if (exchange == null) {
      context.toClient(new PubComp(msgId));
      return;
    }
    exchange.awaited = true;
    if (exchange.phase == ExchangePhase.RECEIVED) {
      exchanges.release(exchange);
    } else {
      context.act(Action.Tally.DUPLICATE);
    }
  }

  void pubAck(BrokerEvent.PubAck pubAck, long now) {
    PublishExchange exchange = exchanges.byPacketIdentifier(pubAck.packetIdentifier());
    if (exchange == null || exchange.publish.qos() != Qos.ONE) {
      return;
    }
    exchanges.end(exchange);
    boolean isAccepted = pubAck.returnCode() == ReturnCode.ACCEPTED;
    if (!isAccepted) {
      context.act(Action.Drop.REJECTED_BY_BROKER);
    }
    if (exchange.awaited) {
      if (isAccepted) {
        ended.answered(exchange.publish, ReturnCode.ACCEPTED, now);
      }
      answer(exchange.publish, pubAck.returnCode());
    }
  }

  void pubRec(BrokerEvent.PubRec pubRec) {
    PublishExchange exchange = exchanges.byPacketIdentifier(pubRec.packetIdentifier());
    if (exchange == null || exchange.publish.qos() != Qos.TWO) {
      return;
    }
    if (pubRec.returnCode() != ReturnCode.ACCEPTED) {
      exchanges.end(exchange);
      context.act(Action.Drop.REJECTED_BY_BROKER);
      if (exchange.awaited) {
        // PUBREC has no return code, PUBACK takes its place (§5.4.13).
        answer(exchange.publish, pubRec.returnCode());
      }
      return;
    }
    if (exchange.forgotten) {
      exchange.forgotten = false;
      context.changedForGood(); // another process must not publish it once more
    }
    if (exchange.phase == ExchangePhase.PUBLISHED) {
      received(exchange);
    } else if (exchange.phase == ExchangePhase.RELEASED) {
      context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
    }
  }

  void pubComp(int packetIdentifier, long now) {
    PublishExchange exchange = exchanges.byPacketIdentifier(packetIdentifier);
    if (exchange != null && exchanges.isToBeCleared(exchange)) {
      exchanges.cleared(exchange);
    } else if (exchange != null && exchange.phase == ExchangePhase.RELEASED) {
      exchanges.end(exchange);
      ended.completed(exchange.publish, exchange.awaited, now);
      if (exchange.awaited) {
        context.toClient(new PubComp(exchange.publish.msgId()));
      }
    }
  }

  /** It goes no further. */
  void notTaken(BrokerEvent.NotTaken notTaken, long now) {
    PublishExchange exchange = exchanges.byPacketIdentifier(notTaken.packetIdentifier());
    if (exchange != null) {
      exchanges.end(exchange);
      if (exchange.awaited) {
        if (notTaken.returnCode() != ReturnCode.CONGESTION) {
          // A copy of it is not to cost everybody the connection again.
          ended.answered(exchange.publish, notTaken.returnCode(), now);
        }
        answer(exchange.publish, notTaken.returnCode());
      }
    }
  }

  /**
   * As {@link BrokerEvent.Deferred}: the client hears of congestion, and may send it again or begin
   * another exchange.
   */
  void deferred(int packetIdentifier) {
    PublishExchange exchange = exchanges.byPacketIdentifier(packetIdentifier);
    if (exchange != null) {
      exchange.deferred = true;
      if (exchange.awaited) {
        answer(exchange.publish, ReturnCode.CONGESTION);
      }
    }
  }

  /** From now on the broker may know a publish with QoS 2. */
  void sending(int packetIdentifier) {
    exchanges.sending(packetIdentifier);
  }

  /** The connection is back. */
  void resend(boolean sessionPresent) {
    exchanges.resend(sessionPresent);
  }

  /**
   * Ends everything, as CleanSession wants it, while the connection may still be there. What the
   * broker has received is released, because the client may have its acknowledgement.
   */
  void clear(long now) {
    for (PublishExchange exchange : exchanges.takeAll()) {
      if (exchange.phase == ExchangePhase.PUBLISHED || exchange.forgotten || !uplink.isUp()) {
        context.act(Action.Drop.SESSION_ENDED);
      } else {
        ended.completed(exchange.publish, exchange.awaited, now);
        if (exchange.phase == ExchangePhase.RECEIVED) {
          exchanges.release(exchange);
        }
      }
    }
  }

  /**
   * A client that connects anew may count its MsgIds from the start again: what is under way goes
   * on toward the broker, but only a client that comes back to it gets answers (SI-24). It may also
   * be a copy of its CONNECT that the network held back.
   */
  void clientRestarted() {
    ended.clientRestarted();
    exchanges.clientRestarted();
  }

  private void relayUnacknowledged(Publish publish, String topicName, long now) {
    if (uplink.takesPublishes()) {
      context.toBroker(
          new BrokerCommand.Publish(
              0, topicName, publish.data(), Qos.ZERO, publish.retain(), false, null));
    } else {
      context.act(Action.Drop.BROKER_AWAY);
      refuse(publish, ReturnCode.CONGESTION, Action.Refusal.BROKER, now);
    }
  }

  private void begin(Publish publish, String topicName, long now) {
    int window =
        Math.min(context.settings().sessions().publishWindow(), uplink.limits().receiveMaximum());
    exchanges.abandonForgotten();
    if (exchanges.size() >= window) {
      refuse(publish, ReturnCode.CONGESTION, Action.Refusal.WINDOW, now);
      return;
    }
    if (uplink.isUp() && !uplink.takesPublishes()) {
      refuse(publish, ReturnCode.CONGESTION, Action.Refusal.BROKER, now);
      return;
    }
    exchanges.begin(publish, topicName);
  }

  /** Whether this PUBLISH came before; if so, it has been dealt with. */
  private boolean isDuplicate(Publish publish, long now) {
    PublishExchange exchange = exchanges.byMsgId(publish.msgId(), publish.qos());
    if (exchange != null && exchange.publish.qos() == Qos.TWO) {
      return isDuplicateOfQosTwo(publish, exchange);
    }
    long windowBegins = now - context.settings().sessions().retryWindowNanos();
    // SI-8: a QoS 1 duplicate has DUP, the same MsgId and the same octets, within the retry window.
    if (!publish.dup()) {
      return false;
    }
    if (exchange != null && exchange.publish.isSameAs(publish)) {
      context.act(Action.Tally.DUPLICATE);
      exchange.awaited = true;
      return true;
    }
    ReturnCode returnCode = ended.answerTo(publish, windowBegins);
    if (returnCode != null) {
      context.act(Action.Tally.DUPLICATE);
      answer(publish, returnCode);
      return true;
    }
    if (publish.qos() == Qos.TWO && ended.hasCompleted(publish, windowBegins)) {
      context.act(Action.Tally.DUPLICATE);
      context.toClient(new PubRec(publish.msgId()));
      return true;
    }
    return false;
  }

  private boolean isDuplicateOfQosTwo(Publish publish, PublishExchange exchange) {
    if (!exchange.publish.isSameAs(publish) || !(exchange.awaited || publish.dup())) {
      exchanges.abandon(exchange); // the client has moved on without PUBREL
      return false;
    }
    context.act(Action.Tally.DUPLICATE);
    exchange.awaited = true;
    if (exchange.deferred) {
      exchanges.send(exchange, true);
    } else if (exchange.phase == ExchangePhase.RECEIVED) {
      context.toClient(new PubRec(publish.msgId()));
    }
    return true;
  }

  /** The broker has a QoS 2 message: tells the client, or releases what no client will release. */
  private void received(PublishExchange exchange) {
    exchange.phase = ExchangePhase.RECEIVED;
    context.changedForGood();
    if (exchange.abandoned) {
      exchanges.release(exchange);
    }
    if (exchange.awaited) {
      context.toClient(new PubRec(exchange.publish.msgId()));
    }
  }

  private void refuse(Publish publish, ReturnCode returnCode, Action.Refusal why, long now) {
    context.act(why);
    if (publish.qos() == Qos.ZERO) {
      // SI-9: PUBACK may report an error for any QoS (§5.4.13); for QoS 0 once a second at most.
      if (now < nextErrorAnswerAt) {
        return;
      }
      nextErrorAnswerAt = now + Time.SECOND;
    }
    answer(publish, returnCode);
  }

  private void answer(Publish publish, ReturnCode returnCode) {
    context.toClient(new PubAck(publish.topic().topicId(), publish.msgId(), returnCode));
  }
}
