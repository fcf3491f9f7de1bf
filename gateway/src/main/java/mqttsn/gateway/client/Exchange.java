package mqttsn.gateway.client;

import java.util.function.IntSupplier;
import mqttsn.codec.Connect;
import mqttsn.codec.MessageType;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.Register;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToGateway;
import mqttsn.codec.Unsubscribe;
import org.jspecify.annotations.Nullable;

/** A request of a client, from its first sending to its answer, with retransmissions (§6.13). */
public final class Exchange {

  /** The kinds of requests of which one may be outstanding at a time (§6.5, §6.6, §6.9). */
  enum Slot {
    CONNECTION,
    PING,
    REGISTER,
    PUBLISH,
    SUBSCRIPTION,
    WILL_TOPIC,
    WILL_MSG
  }

  private final ToGateway request;
  private final @Nullable ClientWill will;
  private final Slot slot;

  private ToGateway outstanding;
  private int retries;
  private long deadline = ClientProtocol.NEVER;

  private Exchange(ToGateway request, @Nullable ClientWill will) {
    this.request = request;
    this.will = will;
    this.slot = slot(request);
    this.outstanding = request;
  }

  /**
   * An exchange that begins with this message; the protocol chooses its MsgId.
   *
   * @throws IllegalArgumentException if the message is no request of a client
   */
  public static Exchange of(ToGateway request) {
    return new Exchange(request, null);
  }

  /** A connect dialogue (§6.2), which takes a will exactly if its CONNECT announces one. */
  public static Exchange of(Connect request, @Nullable ClientWill will) {
    if (request.will() != (will != null)) {
      throw new IllegalArgumentException(
          "CONNECT has will " + request.will() + ", expected that of the exchange: " + will);
    }
    return new Exchange(request, will);
  }

  /** The request as it was handed in, without its MsgId. */
  public ToGateway request() {
    return request;
  }

  @Nullable ClientWill will() {
    return will;
  }

  Slot slot() {
    return slot;
  }

  /** The message that waits for an answer now: the request, or what followed it. */
  ToGateway outstanding() {
    return outstanding;
  }

  long deadline() {
    return deadline;
  }

  /** Whether {@code msgId} is that of the outstanding message, which is of this type. */
  boolean awaits(MessageType type, int msgId) {
    return outstanding.type() == type && msgIdOf(outstanding) == msgId;
  }

  /** The next message of the dialogue, whose retries count from the beginning. */
  ToGateway send(ToGateway message, long deadline) {
    this.outstanding = message;
    this.deadline = deadline;
    retries = 0;
    return message;
  }

  /** The outstanding message once more, with DUP where it has one; null after n retries. */
  @Nullable ToGateway sendAgain(int nRetry, long deadline) {
    if (retries == nRetry) {
      return null;
    }
    retries++;
    this.deadline = deadline;
    return withDup(outstanding);
  }

  void extend(long deadline) {
    this.deadline = deadline;
  }

  /** The request with the next MsgId, if it carries one. */
  ToGateway withMsgId(IntSupplier msgIds) {
    if (request instanceof Publish publish) {
      // §5.4.12: MsgId is 0 unless the QoS is 1 or 2.
      int msgId = isUnanswered() ? 0 : msgIds.getAsInt();
      return new Publish(
          publish.dup(), publish.qos(), publish.retain(), publish.topic(), msgId, publish.data());
    } else if (request instanceof Register register) {
      return new Register(0, msgIds.getAsInt(), register.topicName());
    } else if (request instanceof Subscribe subscribe) {
      return new Subscribe(subscribe.dup(), subscribe.qos(), msgIds.getAsInt(), subscribe.topic());
    } else if (request instanceof Unsubscribe unsubscribe) {
      return new Unsubscribe(msgIds.getAsInt(), unsubscribe.topic());
    }
    return request;
  }

  /** Whether nothing answers it: PUBLISH with QoS 0 and -1. */
  boolean isUnanswered() {
    return request instanceof Publish publish
        && (publish.qos() == Qos.ZERO || publish.qos() == Qos.MINUS_ONE);
  }

  private static ToGateway withDup(ToGateway message) {
    if (message instanceof Publish publish) {
      return new Publish(
          true, publish.qos(), publish.retain(), publish.topic(), publish.msgId(), publish.data());
    } else if (message instanceof Subscribe subscribe) {
      return new Subscribe(true, subscribe.qos(), subscribe.msgId(), subscribe.topic());
    }
    return message;
  }

  private static int msgIdOf(ToGateway message) {
    if (message instanceof Publish publish) {
      return publish.msgId();
    } else if (message instanceof PubRel pubRel) {
      return pubRel.msgId();
    } else if (message instanceof Register register) {
      return register.msgId();
    } else if (message instanceof Subscribe subscribe) {
      return subscribe.msgId();
    } else if (message instanceof Unsubscribe unsubscribe) {
      return unsubscribe.msgId();
    }
    return 0;
  }

  private static Slot slot(ToGateway request) {
    return switch (request.type()) {
      case CONNECT, DISCONNECT -> Slot.CONNECTION;
      case PINGREQ -> Slot.PING;
      case REGISTER -> Slot.REGISTER;
      case PUBLISH -> Slot.PUBLISH;
      case SUBSCRIBE, UNSUBSCRIBE -> Slot.SUBSCRIPTION;
      case WILLTOPICUPD -> Slot.WILL_TOPIC;
      case WILLMSGUPD -> Slot.WILL_MSG;
      case ADVERTISE,
          SEARCHGW,
          GWINFO,
          CONNACK,
          WILLTOPICREQ,
          WILLTOPIC,
          WILLMSGREQ,
          WILLMSG,
          REGACK,
          PUBACK,
          PUBCOMP,
          PUBREC,
          PUBREL,
          SUBACK,
          UNSUBACK,
          PINGRESP,
          WILLTOPICRESP,
          WILLMSGRESP ->
          throw new IllegalArgumentException(request + " is no request of a client");
    };
  }
}
