package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.SessionRecord.ExchangePhase;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of a client under way, toward the broker: what it is sent, and what again when the
 * connection is back.
 */
final class PublishExchanges {

  private final SessionContext context;
  private final Uplink uplink;
  private final PacketIdentifiers packetIdentifiers;

  /** Whether the broker knows what it was sent before the present connection. */
  private boolean brokerRemembers;

  /** How many exchanges wait to be sent again. */
  private int waiting;

  /** In the order in which the client sent them. */
  private final List<PublishExchange> exchanges = new ArrayList<>(1);

  PublishExchanges(SessionContext context, Uplink uplink, PacketIdentifiers packetIdentifiers) {
    this.context = context;
    this.uplink = uplink;
    this.packetIdentifiers = packetIdentifiers;
  }

  int size() {
    return exchanges.size();
  }

  @Nullable PublishExchange byPacketIdentifier(int packetIdentifier) {
    // By index, as no iterator is made for each packet.
    for (int i = 0; i < exchanges.size(); i++) {
      PublishExchange exchange = exchanges.get(i);
      if (exchange.packetIdentifier == packetIdentifier) {
        return exchange;
      }
    }
    return null;
  }

  /** The youngest exchange with this MsgId and QoS. */
  @Nullable PublishExchange byMsgId(int msgId, Qos qos) {
    for (int i = exchanges.size() - 1; i >= 0; i--) {
      PublishExchange exchange = exchanges.get(i);
      if (exchange.publish.msgId() == msgId && exchange.publish.qos() == qos) {
        return exchange;
      }
    }
    return null;
  }

  /** Another one, which goes to the broker as soon as there is a connection. */
  void begin(Publish publish, String topicName) {
    PublishExchange exchange = new PublishExchange(publish, topicName, packetIdentifiers.next());
    exchanges.add(exchange);
    if (uplink.isUp()) {
      send(exchange, false);
    }
  }

  /** Sends it to the broker. */
  void send(PublishExchange exchange, boolean dup) {
    if (isToBeCleared(exchange)) {
      context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
    } else {
      publish(exchange, dup);
    }
  }

  /**
   * Whether it waits until the broker has answered PUBREL for its packet identifier, or would be
   * taken for the message that had this one before. It is not enough to have sent that PUBREL: a
   * kill, or the loss of the connection, may keep it from the broker.
   */
  boolean isToBeCleared(PublishExchange exchange) {
    return uplink.inherits()
        && exchange.publish.qos() == Qos.TWO
        && !exchange.sent
        && !exchange.waits;
  }

  /** The broker holds nothing else under its packet identifier. */
  void cleared(PublishExchange exchange) {
    publish(exchange, false);
  }

  private void publish(PublishExchange exchange, boolean dup) {
    if (exchange.publish.qos() == Qos.TWO && !exchange.sent && !context.route.isShared()) {
      sending(exchange.packetIdentifier);
    }
    exchange.sent = true;
    exchange.deferred = false;
    context.toBroker(exchange.command(dup));
  }

  /** From now on the broker may know a publish with QoS 2. */
  void sending(int packetIdentifier) {
    if (byPacketIdentifier(packetIdentifier) != null) {
      context.changedForGood(); // the broker tells a duplicate by its packet identifier
    }
  }

  /**
   * The connection is back: sends what the broker may not have, in order and as duplicates, as many
   * at a time as it takes. If the broker has lost its session, that is all: it may have passed on
   * what it had received, or not (SI-21).
   */
  void resend(boolean sessionPresent) {
    brokerRemembers = sessionPresent;
    waiting = 0;
    for (PublishExchange exchange : exchanges) {
      if (!sessionPresent && exchange.phase != ExchangePhase.PUBLISHED) {
        exchange.forgotten = true;
        context.changedForGood(); // the next session of the broker does not have it either
      }
      exchange.waits = exchange.phase == ExchangePhase.PUBLISHED || exchange.forgotten;
      waiting += exchange.waits ? 1 : 0;
    }
    for (PublishExchange exchange : exchanges) {
      if (exchange.phase == ExchangePhase.RELEASED && !exchange.forgotten) {
        context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
      } else {
        sendIfItWaits(exchange);
      }
    }
  }

  /** It is over, which makes room for one that waits. */
  void end(PublishExchange exchange) {
    exchanges.remove(exchange);
    waiting -= exchange.waits ? 1 : 0;
    for (int i = 0; waiting > 0 && i < exchanges.size(); i++) {
      sendIfItWaits(exchanges.get(i));
    }
  }

  /**
   * A client that begins another exchange does not come back to those before it connected anew, nor
   * to one that was deferred.
   */
  void abandonForgotten() {
    for (int i = 0; i < exchanges.size(); i++) {
      PublishExchange earlier = exchanges.get(i);
      if (!earlier.awaited || earlier.deferred) {
        abandon(earlier);
      }
    }
  }

  /** The client will not send PUBREL: it is done for it, so that the message is not lost. */
  void abandon(PublishExchange exchange) {
    exchange.awaited = false;
    exchange.abandoned = true;
    if (exchange.phase == ExchangePhase.RECEIVED) {
      release(exchange);
    } else if (exchange.deferred) {
      // PUBREL would end it whether the broker has it or not, and the client may come back to it.
      send(exchange, true);
    }
  }

  /** PUBREL to the broker as soon as it has it: with the present connection, or the next. */
  void release(PublishExchange exchange) {
    exchange.phase = ExchangePhase.RELEASED;
    if (uplink.isUp() && !exchange.forgotten) {
      context.toBroker(new BrokerCommand.PubRel(exchange.packetIdentifier));
    }
  }

  /** The client connects anew: it gets no answers unless it comes back to one of them. */
  void clientRestarted() {
    for (PublishExchange exchange : exchanges) {
      if (exchange.awaited) {
        exchange.awaited = false;
        context.changedForGood(); // another process must not answer it either
      }
    }
  }

  /** All of them, which are under way no more. */
  List<PublishExchange> takeAll() {
    List<PublishExchange> all = List.copyOf(exchanges);
    exchanges.clear();
    waiting = 0;
    return all;
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
                    e.forgotten ? ExchangePhase.PUBLISHED : e.phase,
                    e.awaited,
                    e.abandoned))
        .toList();
  }

  /** Goes on where a record ends. */
  void restore(List<SessionRecord.Exchange> records) {
    Set<Integer> known = new HashSet<>();
    records.forEach(record -> known.add(record.packetIdentifier()));
    for (SessionRecord.Exchange record : records) {
      boolean sent = record.packetIdentifier() != 0;
      int packetIdentifier = record.packetIdentifier();
      while (known.contains(packetIdentifier) && !sent) {
        packetIdentifier = packetIdentifiers.next();
      }
      PublishExchange exchange =
          new PublishExchange(record.publish(), record.topicName(), packetIdentifier);
      exchange.phase = record.phase();
      exchange.sent = sent;
      // Perhaps the client has sent PUBREL, and is through with it, since the record was written.
      exchange.awaited = record.awaited() && record.phase() != ExchangePhase.RECEIVED;
      exchange.abandoned = record.abandoned();
      exchanges.add(exchange);
    }
  }

  private void sendIfItWaits(PublishExchange exchange) {
    int underWay = exchanges.size() - waiting;
    if (exchange.waits && uplink.isUp() && underWay < uplink.limits().receiveMaximum()) {
      exchange.waits = false;
      waiting--;
      send(exchange, exchange.sent && brokerRemembers);
    }
  }
}
