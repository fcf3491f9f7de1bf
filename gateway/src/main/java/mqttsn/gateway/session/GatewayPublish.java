package mqttsn.gateway.session;

import java.util.List;
import mqttsn.codec.NormalId;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.DeliveryExchange.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Publishes of the gateway (§6.10): from the broker's PUBLISH, over REGISTER where the client does
 * not know the name, to the client's last acknowledgement.
 *
 * <p>One exchange is under way at a time; everything else waits behind it, so that order is kept
 * (SI-19). The broker gets its acknowledgement when the client gave one.
 */
final class GatewayPublish {

  /** How often one message may cause its topic to be registered again before it is given up. */
  private static final int MAX_REPAIRS = 2;

  private final SessionContext context;
  private final ClientTopics topics;
  private final Subscriptions subscriptions;
  private final BrokerAcknowledgements acknowledgements;
  private final DeliveryQueue queue;
  private final DeliveryExchange exchange;

  /** Whether the client sleeps: nothing but answers leaves. */
  private boolean paused;

  GatewayPublish(
      SessionContext context,
      ClientTopics topics,
      Subscriptions subscriptions,
      BrokerAcknowledgements acknowledgements) {
    this.context = context;
    this.topics = topics;
    this.subscriptions = subscriptions;
    this.acknowledgements = acknowledgements;
    this.queue = new DeliveryQueue(context);
    this.exchange = new DeliveryExchange(context);
  }

  /** Nothing is under way and nothing waits. */
  boolean isIdle() {
    return exchange.delivery() == null && queue.isEmpty();
  }

  int waitingMessages() {
    return queue.size() + (exchange.delivery() == null ? 0 : 1);
  }

  long waitingBytes() {
    return queue.bytes();
  }

  /** When {@link #timeout} is due, for a client that listens. */
  long deadline() {
    return exchange.deadline();
  }

  /** PUBLISH of the broker. The caller calls {@link #proceed} if the client listens. */
  void publish(BrokerEvent.Publish publish) {
    if (acknowledgements.repeats(publish) || isWaiting(publish)) {
      return;
    }
    Delivery delivery = new Delivery(publish);
    if (!fitsDatagram(delivery)) {
      acknowledgements.dropped(delivery, Action.Drop.TOO_LARGE);
    } else if (!queue.offer(delivery)) {
      acknowledgements.dropped(delivery, Action.Drop.BUFFER_FULL);
    } else if (delivery.isOnlyHere()) {
      context.changedForGood();
    }
  }

  /** Sends what can be sent: the next exchange, and messages with QoS 0 before it. */
  void proceed(long now) {
    while (exchange.delivery() == null && !paused) {
      Delivery next = queue.poll();
      if (next == null) {
        return;
      }
      start(next, now);
    }
  }

  /** The client sleeps from now on, until {@link #resume}. */
  void pause() {
    paused = true;
  }

  /** The client is back or awake and may have missed what was under way: sends it again. */
  void resume(long now) {
    paused = false;
    Delivery unfinished = exchange.delivery();
    if (unfinished != null) {
      NormalId publishedId = exchange.publishedId();
      if (publishedId != null && !topics.normal().isConfirmed(publishedId)) {
        start(unfinished, now); // the client may have forgotten the id since
      } else {
        exchange.resume(now);
      }
    }
    proceed(now);
  }

  void regAck(RegAck regAck, long now) {
    Delivery delivery = exchange.delivery(Phase.REGISTERING, regAck.msgId());
    NormalId registering = exchange.registeringId();
    if (delivery == null || registering == null) {
      return;
    }
    switch (regAck.returnCode()) {
      case ACCEPTED -> {
        topics.normal().confirm(registering);
        if (paused) {
          hold(delivery);
        } else {
          sendPublish(delivery, registering, now);
          proceed(now);
        }
      }
      case CONGESTION -> exchange.answeredForNow();
      case INVALID_TOPIC_ID, NOT_SUPPORTED -> {
        // A rejected REGISTER counts as unsubscribing from exactly that name (§6.10).
        subscriptions.rejectedByClient(delivery.topicName);
        drop(delivery, Action.Drop.REJECTED_BY_CLIENT);
        proceed(now);
      }
    }
  }

  void pubAck(PubAck pubAck, long now) {
    Delivery delivery = exchange.delivery(Phase.PUBLISHED, pubAck.msgId());
    if (delivery == null) {
      if (pubAck.returnCode() == ReturnCode.INVALID_TOPIC_ID && pubAck.msgId() == 0) {
        // An answer to a message with QoS 0: the next one on this id is preceded by a REGISTER.
        topics.normal().unconfirm(new NormalId(pubAck.topicId()));
      }
      return;
    }
    switch (pubAck.returnCode()) {
      case ACCEPTED -> {
        if (delivery.qos == Qos.ONE) {
          end(delivery);
          acknowledgements.delivered(delivery);
        }
      }
      case CONGESTION -> exchange.answeredForNow();
      case INVALID_TOPIC_ID -> repair(delivery, now);
      case NOT_SUPPORTED -> {
        drop(delivery, Action.Drop.REJECTED_BY_CLIENT);
      }
    }
    proceed(now);
  }

  void pubRec(int recMsgId, long now) {
    Delivery delivery = exchange.delivery();
    if (delivery == null || recMsgId == 0 || recMsgId != delivery.msgId()) {
      Delivery held = queue.takeOut(recMsgId);
      if (held != null) {
        context.changedForGood();
        acknowledgements.delivered(held);
      }
      // The exchange is over for us; PUBREL lets the client end it too.
      context.toClient(new PubRel(recMsgId));
    } else if (exchange.isReleased()) {
      context.toClient(new PubRel(recMsgId));
    } else {
      // Perhaps an answer to an earlier PUBLISH, while its topic is registered again: the client
      // got it twice, and knew the topic id only one time.
      acknowledgements.delivered(delivery);
      delivery.received();
      exchange.release(recMsgId, now);
    }
  }

  void pubComp(int compMsgId, long now) {
    Delivery delivery = exchange.delivery(Phase.RELEASED, compMsgId);
    if (delivery != null) {
      end(delivery);
      proceed(now);
    }
  }

  /**
   * Sends again what was not answered.
   *
   * @return false when it was sent often enough: the client does not answer
   */
  boolean timeout(long now) {
    return exchange.timeout(now);
  }

  /**
   * The broker lost its session: it expects no acknowledgements, and packet identifiers start
   * afresh.
   */
  void forgottenByBroker() {
    queue.forgottenByBroker();
    acknowledgements.forget();
    Delivery unfinished = exchange.delivery();
    if (unfinished != null) {
      unfinished.forgottenByBroker();
    }
  }

  /**
   * Ends all deliveries.
   *
   * @param forGood CleanSession: the broker forgets them too; otherwise it sends those again that
   *     it has no acknowledgement for, and the others wait here for the client's next connection
   */
  void clear(boolean forGood) {
    exchange.pause();
    Delivery unfinished = exchange.delivery();
    boolean isReceived = exchange.isReleased();
    if (forGood) {
      acknowledgements.forget();
    }
    if (unfinished != null && (forGood || !isReceived)) {
      if (!forGood && unfinished.staysHere()) {
        hold(unfinished);
      } else {
        end(unfinished);
        if (!isReceived && unfinished.packetIdentifier() == 0) {
          context.act(Action.Drop.SESSION_ENDED);
        }
      }
    }
    queue.clear(forGood);
  }

  /** The message under way, for a record. */
  SessionRecord.@Nullable Outstanding outstanding() {
    return exchange.record();
  }

  /** The messages behind it, for a record. */
  List<SessionRecord.Message> waiting() {
    return queue.records();
  }

  int lastMsgId() {
    return exchange.lastMsgId();
  }

  /** Goes on where a record ends; what was under way is sent again when the client listens. */
  void restore(SessionRecord session, long now) {
    exchange.startAfter(session.lastMsgId());
    SessionRecord.Outstanding outstanding = session.outstanding();
    if (outstanding != null) {
      Delivery unfinished = new Delivery(outstanding.message());
      queue.adopt(unfinished);
      exchange.restore(unfinished, outstanding.lastSent(), now);
    }
    for (SessionRecord.Message message : session.waiting()) {
      if (!queue.offer(new Delivery(message))) {
        context.act(Action.Drop.BUFFER_FULL);
      }
    }
  }

  private void start(Delivery delivery, long now) {
    PublishTopic subscribedAs = subscriptions.idFor(delivery.topicName);
    if (subscribedAs != null) {
      sendPublish(delivery, subscribedAs, now);
      return;
    }
    NormalId topicId = topics.register(delivery.topicName);
    if (topicId == null) {
      drop(delivery, Action.Drop.TOPIC_IDS_EXHAUSTED);
    } else if (topics.normal().isConfirmed(topicId)) {
      sendPublish(delivery, topicId, now);
    } else {
      exchange.register(delivery, topicId, now);
    }
  }

  private void sendPublish(Delivery delivery, PublishTopic topic, long now) {
    if (delivery.qos == Qos.ZERO) {
      end(delivery);
      context.toClient(new Publish(false, Qos.ZERO, delivery.retain, topic, 0, delivery.payload));
    } else {
      exchange.publish(delivery, topic, now);
    }
  }

  /** The client sleeps: the message is the first one for its next awake period. */
  private void hold(Delivery delivery) {
    exchange.end();
    queue.returnFirst(delivery);
  }

  private void end(Delivery delivery) {
    queue.release(delivery);
    exchange.end();
  }

  private void drop(Delivery delivery, Action.Drop why) {
    if (delivery.qos != Qos.ZERO) {
      // Another process must not send it behind later ones; and a client that has rejected a copy
      // with QoS 2 may have another one.
      context.changedForGood();
    }
    end(delivery);
    acknowledgements.dropped(delivery, why);
  }

  /**
   * The client does not know the topic id: registers it again, then publishes anew (§6.10). With
   * QoS 2 the MsgId stays, because the client may take another copy of what it rejected (SI-43).
   */
  private void repair(Delivery delivery, long now) {
    NormalId topicId = exchange.publishedId();
    if (topicId == null || delivery.repair() > MAX_REPAIRS) {
      drop(delivery, Action.Drop.REJECTED_BY_CLIENT);
    } else {
      topics.normal().unconfirm(topicId);
      if (paused) {
        hold(delivery);
      } else {
        exchange.register(delivery, topicId, now);
      }
    }
  }

  /** Whether the broker sends a message again that is here. */
  private boolean isWaiting(BrokerEvent.Publish publish) {
    int packetIdentifier = publish.packetIdentifier();
    Delivery unfinished = exchange.delivery();
    boolean isUnderWay = unfinished != null && unfinished.packetIdentifier() == packetIdentifier;
    Delivery known = isUnderWay ? unfinished : queue.find(packetIdentifier);
    if (known == null || packetIdentifier == 0) {
      return false;
    }
    if (known.isSameAs(publish)) {
      known.repeated();
      return true;
    }
    // An earlier process acknowledged the one that has this identifier here, because the client had
    // answered it, and did not live to write that down.
    if (!isUnderWay) {
      queue.remove(known);
    } else if (paused) {
      end(known);
    } else {
      known.forgottenByBroker(); // the client has been sent it again, and is to answer once more
    }
    return false;
  }

  /** Whether REGISTER and PUBLISH stay within a datagram, with a forwarder's envelope (SI-38). */
  private boolean fitsDatagram(Delivery delivery) {
    return delivery.longestMessageBytes() + context.address().envelopeBytes()
        <= context.settings().maxDatagramBytes();
  }
}
