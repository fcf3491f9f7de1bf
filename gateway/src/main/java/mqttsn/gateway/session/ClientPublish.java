package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;
import org.jspecify.annotations.Nullable;

/**
 * Publishes of the client (§6.6): PUBLISH up to PUBACK or PUBCOMP.
 *
 * <p>The client gets its acknowledgement when the broker gave one, not before. What the broker did
 * not acknowledge is sent again when the connection is back.
 */
final class ClientPublish {

  /** One QoS 1 or 2 publish under way: the mapping of msgId and packet identifier. */
  private static final class Exchange {
    final Publish publish;
    final String topicName;

    /** 16 bits, as on the wire: an exchange takes 32 octets, not 40. */
    final char packetIdentifier;

    ExchangePhase phase = ExchangePhase.PUBLISHED;

    /** Whether the broker was sent it: only then is it a duplicate when sent again. */
    boolean sent;

    /** Whether the client waits for the answer; not any more after it connected anew. */
    boolean awaited = true;

    /** Whether the client will not go on with it: it has begun another exchange instead. */
    boolean abandoned;

    /** QoS 2: whether the client is to try again later, while the broker may have it. */
    boolean deferred;

    /** Whether it is to be sent again, as soon as the broker's receive maximum allows it. */
    boolean waits;

    Exchange(Publish publish, String topicName, int packetIdentifier) {
      this.publish = publish;
      this.topicName = topicName;
      this.packetIdentifier = (char) packetIdentifier;
    }

    BrokerCommand command(boolean dup) {
      return new BrokerCommand.Publish(
          packetIdentifier, topicName, publish.data(), publish.qos(), publish.retain(), dup, null);
    }
  }

  private final SessionContext context;
  private final ClientTopics topics;
  private final Uplink uplink;
  private final PacketIdentifiers packetIdentifiers;

  /** Whether the broker knows what it was sent before the present connection. */
  private boolean brokerRemembers;

  /** How many exchanges wait to be sent again. */
  private int waiting;

  /** In the order in which the client sent them. */
  private final List<Exchange> exchanges = new ArrayList<>(1);

  private final EndedPublishes ended = new EndedPublishes();
  private long nextErrorAnswerAt = Long.MIN_VALUE;

  ClientPublish(
      SessionContext context,
      ClientTopics topics,
      Uplink uplink,
      PacketIdentifiers packetIdentifiers) {
    this.context = context;
    this.topics = topics;
    this.uplink = uplink;
    this.packetIdentifiers = packetIdentifiers;
  }

  /** The publishes under way, for a record. */
  List<SessionRecord.Exchange> records() {
    return exchanges.stream()
        .map(
            e ->
                new SessionRecord.Exchange(
                    e.publish,
                    e.topicName,
                    e.sent ? context.route.wireIdentifier(context.link, e.packetIdentifier) : 0,
                    e.phase))
        .toList();
  }

  /** The MsgIds of those with QoS 2 that ended lately, for a record. */
  List<Integer> completed() {
    return ended.completed();
  }

  /** Goes on where a record ends. */
  void restore(List<SessionRecord.Exchange> records, List<Integer> completed, long now) {
    ended.restore(completed, now);
    Set<Integer> known = new HashSet<>();
    records.forEach(record -> known.add(record.packetIdentifier()));
    for (SessionRecord.Exchange record : records) {
      boolean sent = record.packetIdentifier() != 0;
      int packetIdentifier = record.packetIdentifier();
      while (known.contains(packetIdentifier) && !sent) {
        packetIdentifier = packetIdentifiers.next();
      }
      Exchange exchange = new Exchange(record.publish(), record.topicName(), packetIdentifier);
      exchange.phase = record.phase();
      exchange.sent = sent;
      exchanges.add(exchange);
    }
  }

  int inFlight() {
    return exchanges.size();
  }

  boolean uses(int packetIdentifier) {
    return byPacketIdentifier(packetIdentifier) != null;
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
    Exchange exchange = byMsgId(msgId, Qos.TWO);
    if (exchange == null) {
      context.toClient(new PubComp(msgId));
      return;
    }
    exchange.awaited = true;
    if (exchange.phase == ExchangePhase.RECEIVED) {
      release(exchange);
    } else {
      context.act(Action.Tally.DUPLICATE);
    }
  }

  void pubAck(BrokerEvent.PubAck pubAck, long now) {
    Exchange exchange = byPacketIdentifier(pubAck.packetIdentifier());
    if (exchange == null || exchange.publish.qos() != Qos.ONE) {
      return;
    }
    end(exchange);
    boolean isAccepted = pubAck.returnCode() == ReturnCode.ACCEPTED;
    if (!isAccepted) {
      context.act(Action.Drop.REJECTED_BY_BROKER);
    }
    if (exchange.awaited) {
      if (isAccepted) {
        ended.acknowledged(exchange.publish, now);
      }
      answer(exchange.publish, pubAck.returnCode());
    }
  }

  void pubRec(BrokerEvent.PubRec pubRec) {
    Exchange exchange = byPacketIdentifier(pubRec.packetIdentifier());
    if (exchange == null || exchange.publish.qos() != Qos.TWO) {
      return;
    }
    if (pubRec.returnCode() != ReturnCode.ACCEPTED) {
      end(exchange);
      context.act(Action.Drop.REJECTED_BY_BROKER);
      if (exchange.awaited) {
        // PUBREC has no return code, PUBACK takes its place (§5.4.13).
        answer(exchange.publish, pubRec.returnCode());
      }
    } else if (exchange.phase == ExchangePhase.PUBLISHED) {
      received(exchange);
    } else if (exchange.phase == ExchangePhase.RELEASED) {
      context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
    }
  }

  void pubComp(int packetIdentifier, long now) {
    Exchange exchange = byPacketIdentifier(packetIdentifier);
    if (exchange != null && exchange.phase == ExchangePhase.RELEASED) {
      end(exchange);
      ended.completed(exchange.publish, exchange.awaited, now);
      if (exchange.awaited) {
        context.toClient(new PubComp(exchange.publish.msgId()));
      }
    }
  }

  /** It goes no further. */
  void notTaken(BrokerEvent.NotTaken notTaken) {
    Exchange exchange = byPacketIdentifier(notTaken.packetIdentifier());
    if (exchange != null) {
      end(exchange);
      if (exchange.awaited) {
        answer(exchange.publish, notTaken.returnCode());
      }
    }
  }

  /**
   * As {@link BrokerEvent.Deferred}: the client hears of congestion, and may send it again or begin
   * another exchange.
   */
  void deferred(int packetIdentifier) {
    Exchange exchange = byPacketIdentifier(packetIdentifier);
    if (exchange != null) {
      exchange.deferred = true;
      if (exchange.abandoned) {
        abandon(exchange);
      } else if (exchange.awaited) {
        answer(exchange.publish, ReturnCode.CONGESTION);
      }
    }
  }

  /** From now on the broker may know a publish with QoS 2. */
  void sending(int packetIdentifier) {
    if (uses(packetIdentifier)) {
      context.changedForGood(); // the broker tells a duplicate by its packet identifier
    }
  }

  /**
   * The connection is back: sends what the broker may not have, in order and as duplicates, as many
   * at a time as it takes.
   */
  void resend(boolean sessionPresent) {
    brokerRemembers = sessionPresent;
    waiting = 0;
    for (Exchange exchange : exchanges) {
      exchange.waits = exchange.phase == ExchangePhase.PUBLISHED || !sessionPresent;
      waiting += exchange.waits ? 1 : 0;
    }
    for (Exchange exchange : exchanges) {
      if (exchange.phase == ExchangePhase.RELEASED && sessionPresent) {
        context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
      } else {
        sendIfItWaits(exchange);
      }
    }
  }

  private void sendIfItWaits(Exchange exchange) {
    int underWay = exchanges.size() - waiting;
    if (exchange.waits && uplink.isUp() && underWay < uplink.limits().receiveMaximum()) {
      exchange.waits = false;
      waiting--;
      send(exchange, exchange.sent && brokerRemembers);
    }
  }

  private void end(Exchange exchange) {
    exchanges.remove(exchange);
    waiting -= exchange.waits ? 1 : 0;
    for (int i = 0; waiting > 0 && i < exchanges.size(); i++) {
      sendIfItWaits(exchanges.get(i));
    }
  }

  /**
   * Ends everything, as CleanSession wants it, while the connection may still be there. What the
   * broker has received is released, because the client may have its acknowledgement.
   */
  void clear(long now) {
    for (Exchange exchange : exchanges) {
      if (exchange.phase == ExchangePhase.PUBLISHED || !uplink.isUp()) {
        context.act(Action.Drop.SESSION_ENDED);
      } else {
        ended.completed(exchange.publish, exchange.awaited, now);
        if (exchange.phase == ExchangePhase.RECEIVED) {
          release(exchange);
        }
      }
    }
    exchanges.clear();
    waiting = 0;
  }

  /**
   * A client that connects anew may count its MsgIds from the start again: what is under way goes
   * on toward the broker, but only a client that comes back to it gets answers (SI-24). It may also
   * be a copy of its CONNECT that the network held back.
   */
  void clientRestarted() {
    ended.clientRestarted();
    exchanges.forEach(exchange -> exchange.awaited = false);
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
    abandonForgotten();
    if (exchanges.size() >= window) {
      refuse(publish, ReturnCode.CONGESTION, Action.Refusal.WINDOW, now);
      return;
    }
    if (uplink.isUp() && !uplink.takesPublishes()) {
      refuse(publish, ReturnCode.CONGESTION, Action.Refusal.BROKER, now);
      return;
    }
    Exchange exchange = new Exchange(publish, topicName, packetIdentifiers.next());
    exchanges.add(exchange);
    if (uplink.isUp()) {
      send(exchange, false);
    }
  }

  /**
   * A client that begins another exchange does not come back to those before it connected anew, nor
   * to one that was deferred.
   */
  private void abandonForgotten() {
    for (int i = 0; i < exchanges.size(); i++) {
      Exchange earlier = exchanges.get(i);
      if (!earlier.awaited || earlier.deferred) {
        abandon(earlier);
      }
    }
  }

  private void send(Exchange exchange, boolean dup) {
    if (exchange.publish.qos() == Qos.TWO && !exchange.sent && !context.route.isShared()) {
      if (uplink.inherits()) {
        // Or the broker would take it for the message that had this identifier before.
        context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
      }
      sending(exchange.packetIdentifier);
    }
    exchange.sent = true;
    exchange.deferred = false;
    context.toBroker(exchange.command(dup));
  }

  /** Whether this PUBLISH came before; if so, it has been dealt with. */
  private boolean isDuplicate(Publish publish, long now) {
    Exchange exchange = byMsgId(publish.msgId(), publish.qos());
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
    if (ended.hasAcknowledged(publish, windowBegins)) {
      context.act(Action.Tally.DUPLICATE);
      answer(publish, ReturnCode.ACCEPTED);
      return true;
    }
    if (publish.qos() == Qos.TWO && ended.hasCompleted(publish, windowBegins)) {
      context.act(Action.Tally.DUPLICATE);
      context.toClient(new PubRec(publish.msgId()));
      return true;
    }
    return false;
  }

  private boolean isDuplicateOfQosTwo(Publish publish, Exchange exchange) {
    if (!exchange.publish.isSameAs(publish) || !(exchange.awaited || publish.dup())) {
      abandon(exchange); // the client has moved on without PUBREL
      return false;
    }
    context.act(Action.Tally.DUPLICATE);
    exchange.awaited = true;
    if (exchange.deferred) {
      send(exchange, true);
    } else if (exchange.phase == ExchangePhase.RECEIVED) {
      context.toClient(new PubRec(publish.msgId()));
    }
    return true;
  }

  /** The broker has a QoS 2 message: tells the client, or releases what no client will release. */
  private void received(Exchange exchange) {
    exchange.phase = ExchangePhase.RECEIVED;
    context.changedForGood();
    if (exchange.abandoned) {
      release(exchange);
    } else if (exchange.awaited) {
      context.toClient(new PubRec(exchange.publish.msgId()));
    }
  }

  /** The client will not send PUBREL: it is done for it, so that the message is not lost. */
  private void abandon(Exchange exchange) {
    exchange.awaited = false;
    exchange.abandoned = true;
    if (exchange.phase == ExchangePhase.RECEIVED || exchange.deferred) {
      release(exchange);
    }
  }

  private void release(Exchange exchange) {
    exchange.phase = ExchangePhase.RELEASED;
    exchange.deferred = false;
    if (uplink.isUp()) {
      context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
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

  private @Nullable Exchange byPacketIdentifier(int packetIdentifier) {
    // By index, as no iterator is made for each packet.
    for (int i = 0; i < exchanges.size(); i++) {
      Exchange exchange = exchanges.get(i);
      if (exchange.packetIdentifier == packetIdentifier) {
        return exchange;
      }
    }
    return null;
  }

  /** The youngest exchange with this MsgId and QoS. */
  private @Nullable Exchange byMsgId(int msgId, Qos qos) {
    for (int i = exchanges.size() - 1; i >= 0; i--) {
      Exchange exchange = exchanges.get(i);
      if (exchange.publish.msgId() == msgId && exchange.publish.qos() == qos) {
        return exchange;
      }
    }
    return null;
  }
}
