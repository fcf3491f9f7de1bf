package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.NormalId;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
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

  /** So many MsgIds may have been used since the last record was written. */
  private static final int UNRECORDED_MSG_IDS = 1_024;

  private enum Phase {
    /** REGISTER sent, REGACK awaited. */
    REGISTERING,
    /** PUBLISH sent, PUBACK or PUBREC awaited. */
    PUBLISHED,
    /** PUBREL sent, PUBCOMP awaited. */
    RELEASED
  }

  private final SessionContext context;
  private final ClientTopics topics;
  private final Subscriptions subscriptions;
  private final Uplink uplink;
  private final DeliveryQueue queue;
  private final Retransmission retransmission;

  /**
   * QoS 2 messages that the client has received and the broker has not released: its packet
   * identifiers.
   */
  private final Set<Integer> received = new HashSet<>(0);

  private @Nullable Delivery current;
  private Phase phase = Phase.PUBLISHED;
  private int msgId;
  private int lastMsgId;
  private boolean acknowledgedToBroker;

  /** Whether the client sleeps: nothing but answers leaves. */
  private boolean paused;

  GatewayPublish(
      SessionContext context, ClientTopics topics, Subscriptions subscriptions, Uplink uplink) {
    this.context = context;
    this.topics = topics;
    this.subscriptions = subscriptions;
    this.uplink = uplink;
    this.queue = new DeliveryQueue(context);
    this.retransmission = new Retransmission(context);
  }

  /** Nothing is under way and nothing waits. */
  boolean isIdle() {
    return current == null && queue.isEmpty();
  }

  int waitingMessages() {
    return queue.size() + (current == null ? 0 : 1);
  }

  long waitingBytes() {
    return queue.bytes();
  }

  /** When {@link #timeout} is due, for a client that listens. */
  long deadline() {
    return retransmission.deadline();
  }

  /**
   * Whether the broker got an acknowledgement since the last call, and so may send what it held
   * back.
   */
  boolean pollAcknowledgedToBroker() {
    boolean acknowledged = acknowledgedToBroker;
    acknowledgedToBroker = false;
    return acknowledged;
  }

  /** PUBLISH of the broker. The caller calls {@link #proceed} if the client listens. */
  void publish(BrokerEvent.Publish publish) {
    if (publish.qos() == Qos.TWO && received.contains(publish.packetIdentifier())) {
      context.toBroker(new BrokerCommand.PubRec(publish.packetIdentifier()));
      return;
    }
    if (publish.dup() && isWaiting(publish.packetIdentifier())) {
      return;
    }
    Delivery delivery = new Delivery(publish);
    if (!fitsDatagram(delivery)) {
      giveUp(delivery, Action.Drop.TOO_LARGE);
    } else if (!queue.offer(delivery)) {
      giveUp(delivery, Action.Drop.BUFFER_FULL);
    } else if (delivery.isOnlyHere()) {
      context.changedForGood();
    }
  }

  /** PUBREL of the broker: its QoS 2 message is with the client. */
  void pubRel(int packetIdentifier) {
    received.remove(packetIdentifier);
    context.toBroker(new BrokerCommand.PubComp(packetIdentifier));
  }

  /** Sends what can be sent: the next exchange, and messages with QoS 0 before it. */
  void proceed(long now) {
    while (current == null && !paused) {
      Delivery next = queue.poll();
      if (next == null) {
        return;
      }
      current = next;
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
    Delivery unfinished = current;
    if (unfinished != null) {
      if (isIdUnconfirmed()) {
        start(unfinished, now);
      } else {
        retransmission.resume(now);
      }
    }
    proceed(now);
  }

  /** Whether a PUBLISH is under way whose topic id the client may have forgotten since. */
  private boolean isIdUnconfirmed() {
    return retransmission.unanswered() instanceof Publish publish
        && publish.topic() instanceof NormalId id
        && !topics.normal().isConfirmed(id);
  }

  void regAck(RegAck regAck, long now) {
    Delivery delivery = current;
    NormalId registering = registeringId();
    if (delivery == null || registering == null || regAck.msgId() != msgId) {
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
      case CONGESTION -> retransmission.answeredForNow();
      case INVALID_TOPIC_ID, NOT_SUPPORTED -> {
        // A rejected REGISTER counts as unsubscribing from exactly that name (§6.10).
        subscriptions.rejectedByClient(delivery.topicName);
        end();
        giveUp(delivery, Action.Drop.REJECTED_BY_CLIENT);
        proceed(now);
      }
    }
  }

  void pubAck(PubAck pubAck, long now) {
    Delivery delivery = current;
    if (delivery == null || phase != Phase.PUBLISHED || pubAck.msgId() != msgId) {
      if (pubAck.returnCode() == ReturnCode.INVALID_TOPIC_ID) {
        // An answer to a message with QoS 0: the next one on this id is preceded by a REGISTER.
        topics.normal().unconfirm(new NormalId(pubAck.topicId()));
      }
      return;
    }
    switch (pubAck.returnCode()) {
      case ACCEPTED -> {
        if (delivery.qos == Qos.ONE) {
          end();
          acknowledge(delivery);
        }
      }
      case CONGESTION -> retransmission.answeredForNow();
      case INVALID_TOPIC_ID -> repair(delivery, now);
      case NOT_SUPPORTED -> {
        end();
        giveUp(delivery, Action.Drop.REJECTED_BY_CLIENT);
      }
    }
    proceed(now);
  }

  void pubRec(int recMsgId, long now) {
    Delivery delivery = current;
    if (delivery == null || recMsgId == 0 || recMsgId != delivery.msgId()) {
      Delivery held = queue.takeOut(recMsgId);
      if (held != null) {
        received(held);
      }
      // The exchange is over for us; PUBREL lets the client end it too.
      context.toClient(new PubRel(recMsgId));
    } else if (phase == Phase.RELEASED) {
      context.toClient(new PubRel(recMsgId));
    } else {
      // Perhaps a late answer to an earlier PUBLISH, while its topic is registered again.
      received(delivery);
      phase = Phase.RELEASED;
      msgId = recMsgId;
      retransmission.send(new PubRel(msgId), now);
    }
  }

  private void received(Delivery delivery) {
    if (delivery.packetIdentifier() != 0) {
      received.add(delivery.packetIdentifier());
    }
    acknowledge(delivery);
  }

  void pubComp(int compMsgId, long now) {
    if (current != null && phase == Phase.RELEASED && compMsgId == msgId) {
      end();
      proceed(now);
    }
  }

  /**
   * Sends again what was not answered.
   *
   * @return false when it was sent often enough: the client does not answer
   */
  boolean timeout(long now) {
    return retransmission.timeout(now);
  }

  /**
   * The broker lost its session: it expects no acknowledgements, and packet identifiers start
   * afresh.
   */
  void forgottenByBroker() {
    queue.forgottenByBroker();
    received.clear();
    if (current != null) {
      current.forgottenByBroker();
    }
  }

  /**
   * Ends all deliveries.
   *
   * @param forGood CleanSession: the broker forgets them too; otherwise it sends those again that
   *     it has no acknowledgement for, and the others wait here for the client's next connection
   */
  void clear(boolean forGood) {
    retransmission.pause();
    Delivery unfinished = current;
    if (forGood) {
      received.clear();
    }
    if (unfinished != null && (forGood || phase != Phase.RELEASED)) {
      if (!forGood && unfinished.staysHere()) {
        hold(unfinished);
      } else {
        end();
        if (unfinished.packetIdentifier() == 0) {
          context.act(Action.Drop.SESSION_ENDED);
        }
      }
    }
    queue.clear(forGood);
  }

  /** The message under way, for a record. */
  SessionRecord.@Nullable Outstanding outstanding() {
    ToClient lastSent = retransmission.unanswered();
    return current == null || lastSent == null
        ? null
        : new SessionRecord.Outstanding(current.record(), lastSent);
  }

  List<SessionRecord.Message> waiting() {
    return queue.onlyHere();
  }

  Set<Integer> received() {
    return Set.copyOf(received);
  }

  int lastMsgId() {
    return lastMsgId;
  }

  /** Goes on where a record ends; what was under way is sent again when the client listens. */
  void restore(SessionRecord session, long now) {
    received.addAll(session.received());
    lastMsgId = (session.lastMsgId() + UNRECORDED_MSG_IDS) & 0xFFFF;
    SessionRecord.Outstanding outstanding = session.outstanding();
    if (outstanding != null) {
      current = new Delivery(outstanding.message());
      queue.adopt(current);
      ToClient lastSent = outstanding.lastSent();
      retransmission.restore(lastSent, now);
      if (lastSent instanceof Register register) {
        phase = Phase.REGISTERING;
        msgId = register.msgId();
      } else if (lastSent instanceof Publish publish) {
        phase = Phase.PUBLISHED;
        msgId = publish.msgId();
      } else if (lastSent instanceof PubRel pubRel) {
        phase = Phase.RELEASED;
        msgId = pubRel.msgId();
      }
      if (phase != Phase.REGISTERING && current.qos == Qos.TWO) {
        current.msgId(msgId);
      }
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
    NormalId topicId = topics.normal().register(delivery.topicName);
    if (topicId == null) {
      end();
      giveUp(delivery, Action.Drop.TOPIC_IDS_EXHAUSTED);
    } else if (topics.normal().isConfirmed(topicId)) {
      sendPublish(delivery, topicId, now);
    } else {
      sendRegister(delivery, topicId, now);
    }
  }

  private void sendRegister(Delivery delivery, NormalId topicId, long now) {
    begin(delivery, Phase.REGISTERING);
    retransmission.send(new Register(topicId.topicId(), msgId, delivery.topicName), now);
  }

  private void sendPublish(Delivery delivery, PublishTopic topic, long now) {
    if (delivery.qos == Qos.ZERO) {
      end();
      context.toClient(new Publish(false, Qos.ZERO, delivery.retain, topic, 0, delivery.payload));
      return;
    }
    begin(delivery, Phase.PUBLISHED);
    boolean again = delivery.msgId() != 0;
    if (again) {
      msgId = delivery.msgId();
    } else if (delivery.qos == Qos.TWO) {
      delivery.msgId(msgId);
      context.changedForGood(); // the client tells a duplicate by its MsgId
    }
    retransmission.send(
        new Publish(again, delivery.qos, delivery.retain, topic, msgId, delivery.payload), now);
  }

  /** The client sleeps: the message is the first one for its next awake period. */
  private void hold(Delivery delivery) {
    current = null;
    retransmission.end();
    queue.returnFirst(delivery);
  }

  /** The id that a REGISTER under way is about; null when none is. */
  private @Nullable NormalId registeringId() {
    return retransmission.unanswered() instanceof Register register
        ? new NormalId(register.topicId())
        : null;
  }

  private void begin(Delivery delivery, Phase firstPhase) {
    current = delivery;
    phase = firstPhase;
    lastMsgId = lastMsgId == 0xFFFF ? 1 : lastMsgId + 1;
    msgId = lastMsgId;
  }

  private void end() {
    if (current != null) {
      queue.release(current);
    }
    current = null;
    retransmission.end();
  }

  /**
   * The client does not know the topic id: registers it again, then publishes under a new MsgId
   * (§6.10).
   */
  private void repair(Delivery delivery, long now) {
    NormalId topicId =
        retransmission.unanswered() instanceof Publish publish
                && publish.topic() instanceof NormalId id
            ? id
            : null;
    if (topicId == null || delivery.repair() > MAX_REPAIRS) {
      end();
      giveUp(delivery, Action.Drop.REJECTED_BY_CLIENT);
    } else {
      topics.normal().unconfirm(topicId);
      delivery.msgId(0);
      if (paused) {
        hold(delivery);
      } else {
        sendRegister(delivery, topicId, now);
      }
    }
  }

  /** Drops a message with a reason; the broker must not send it again and again. */
  private void giveUp(Delivery delivery, Action.Drop why) {
    context.act(why);
    acknowledge(delivery);
  }

  private void acknowledge(Delivery delivery) {
    int packetIdentifier = delivery.packetIdentifier();
    if (packetIdentifier == 0) {
      return;
    }
    acknowledgedToBroker = true;
    if (uplink.isUp()) {
      context.toBroker(
          delivery.qos == Qos.ONE
              ? new BrokerCommand.PubAck(packetIdentifier)
              : new BrokerCommand.PubRec(packetIdentifier));
    }
  }

  private boolean isWaiting(int packetIdentifier) {
    return (current != null && current.packetIdentifier() == packetIdentifier)
        || queue.contains(packetIdentifier);
  }

  /**
   * Whether REGISTER and PUBLISH stay within a datagram, with the longer header and a forwarder's
   * envelope (SI-38).
   */
  private boolean fitsDatagram(Delivery delivery) {
    int envelopeBytes =
        context.address().nodeId() == null ? 0 : 3 + context.address().nodeId().size();
    int room = context.settings().maxDatagramBytes() - envelopeBytes - 9;
    return delivery.payload.size() <= room && utf8Length(delivery.topicName) <= room;
  }

  private static int utf8Length(String name) {
    int length = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
