package mqttsn.gateway.session;

import mqttsn.codec.NormalId;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.Register;
import mqttsn.codec.ToClient;
import org.jspecify.annotations.Nullable;

/**
 * The exchange under way toward the client, from REGISTER or PUBLISH to its last acknowledgement:
 * which message it is about, how far it is, and its MsgId. One at a time (SI-19).
 */
final class DeliveryExchange {

  private static final int RESERVED_MSG_IDS = 1_024;

  /** How far it is. */
  enum Phase {
    /** REGISTER sent, REGACK awaited. */
    REGISTERING,
    /** PUBLISH sent, PUBACK or PUBREC awaited. */
    PUBLISHED,
    /** PUBREL sent, PUBCOMP awaited. */
    RELEASED
  }

  private final SessionContext context;
  private final Retransmission retransmission;
  private @Nullable Delivery delivery;
  private Phase phase = Phase.PUBLISHED;
  private int msgId;
  private final IdReserve reserve = new IdReserve(RESERVED_MSG_IDS);
  private int lastMsgId;

  DeliveryExchange(SessionContext context) {
    this.context = context;
    this.retransmission = new Retransmission(context);
  }

  /** What it is about; null while none is under way. */
  @Nullable Delivery delivery() {
    return delivery;
  }

  /** What it is about, if this is where it stands; null otherwise. */
  @Nullable Delivery delivery(Phase inPhase, int withMsgId) {
    return phase == inPhase && msgId == withMsgId ? delivery : null;
  }

  boolean isReleased() {
    return delivery != null && phase == Phase.RELEASED;
  }

  /** The id that a REGISTER under way is about; null when none is. */
  @Nullable NormalId registeringId() {
    return retransmission.unanswered() instanceof Register register
        ? new NormalId(register.topicId())
        : null;
  }

  /** The normal id of a PUBLISH under way; null for none, or for a topic of another type. */
  @Nullable NormalId publishedId() {
    return retransmission.unanswered() instanceof Publish publish
            && publish.topic() instanceof NormalId id
        ? id
        : null;
  }

  void register(Delivery message, NormalId topicId, long now) {
    begin(message, Phase.REGISTERING);
    retransmission.send(new Register(topicId.topicId(), msgId, message.topicName), now);
  }

  /** PUBLISH with QoS 1 or 2. */
  void publish(Delivery message, PublishTopic topic, long now) {
    begin(message, Phase.PUBLISHED);
    boolean again = message.msgId() != 0;
    if (again) {
      msgId = message.msgId();
    } else if (message.qos == Qos.TWO) {
      message.msgId(msgId);
      context.changedForGood(); // the client tells a duplicate by its MsgId
    }
    retransmission.send(
        new Publish(again, message.qos, message.retain, topic, msgId, message.payload), now);
  }

  /** The client has received the message under this MsgId: it is released. */
  void release(int receivedMsgId, long now) {
    phase = Phase.RELEASED;
    msgId = receivedMsgId;
    context.changedForGood(); // a client that was told PUBREL takes another PUBLISH for a new one
    retransmission.send(new PubRel(msgId), now);
  }

  /** It is over, or put off. */
  void end() {
    delivery = null;
    retransmission.end();
  }

  /** When {@link #timeout} is due. */
  long deadline() {
    return retransmission.deadline();
  }

  /**
   * Sends again what was not answered.
   *
   * @return false when it was sent often enough: the client does not answer
   */
  boolean timeout(long now) {
    return retransmission.timeout(now);
  }

  /** The client answers, but not yet as it should. */
  void answeredForNow() {
    retransmission.answeredForNow();
  }

  /** The client does not listen: nothing is sent until {@link #resume}. */
  void pause() {
    retransmission.pause();
  }

  /** The client is back and may have missed what was sent last. */
  void resume(long now) {
    retransmission.resume(now);
  }

  /** For a record; null while none is under way. */
  SessionRecord.@Nullable Outstanding record() {
    ToClient lastSent = retransmission.unanswered();
    return delivery == null || lastSent == null
        ? null
        : new SessionRecord.Outstanding(delivery.record(), lastSent);
  }

  int lastMsgId() {
    return lastMsgId;
  }

  /** Goes on behind the MsgIds of a record. */
  void startAfter(int recordedMsgId) {
    lastMsgId = reserve.behind(recordedMsgId) & 0xFFFF;
  }

  /** Goes on where a record ends; the message last sent is sent again when the client listens. */
  void restore(Delivery message, ToClient lastSent, long now) {
    delivery = message;
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
    if (phase != Phase.REGISTERING && message.qos == Qos.TWO) {
      message.msgId(msgId);
    }
  }

  private void begin(Delivery message, Phase firstPhase) {
    delivery = message;
    phase = firstPhase;
    if (reserve.take()) {
      context.changedForGood();
    }
    lastMsgId = lastMsgId == 0xFFFF ? 1 : lastMsgId + 1;
    msgId = lastMsgId;
  }
}
