package mqttsn.gateway.session;

import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.MessageType;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToGateway;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgReq;
import mqttsn.codec.WillTopic;
import mqttsn.codec.WillTopicReq;
import org.jspecify.annotations.Nullable;

/**
 * The dialogue from CONNECT to CONNACK (§6.2): the prompts for the will, then the wait for the
 * broker.
 *
 * <p>The standard has no retry rule for the prompts: a repeated request of the client repeats them.
 * A dialogue that the client leaves is forgotten after the time in which it could have repeated its
 * request (SI-35).
 */
final class ConnectDialogue {

  private enum Step {
    /** No dialogue. */
    NONE,
    /** WILLTOPICREQ sent. */
    WILL_TOPIC,
    /** WILLMSGREQ sent. */
    WILL_MSG,
    /** The broker is asked; CONNACK follows. */
    BROKER
  }

  private final SessionContext context;
  private final WillKeeper wills;
  private final Uplink uplink;
  private Step step = Step.NONE;
  private @Nullable Connect connect;
  private long connectedAt;
  private boolean heardSinceConnect;
  private @Nullable WillTopic willTopic;

  /** The WILLTOPIC or WILLMSG that CONNACK answers. */
  private @Nullable ToGateway lastOfWill;

  private long lastOfWillAt;
  private long deadline = Time.NEVER;

  ConnectDialogue(SessionContext context, WillKeeper wills, Uplink uplink) {
    this.context = context;
    this.wills = wills;
    this.uplink = uplink;
  }

  boolean isUnderWay() {
    return step != Step.NONE;
  }

  boolean awaitsBroker() {
    return step == Step.BROKER;
  }

  /** Whether the last CONNECT had no ClientId. */
  boolean isNameless() {
    return connect != null && connect.clientId().isEmpty();
  }

  /** When a dialogue that the client or the broker left is forgotten. */
  long deadline() {
    return deadline;
  }

  /**
   * Whether a CONNECT is the last one again, because its answer got lost, and not a reboot: the
   * same octets within the retry window, and nothing else from the client since (SI-5).
   */
  boolean isRepeated(Connect again, long now) {
    return again.equals(connect)
        && !heardSinceConnect
        && now - connectedAt <= context.settings().sessions().retryWindowNanos();
  }

  /** The same CONNECT again: repeats the prompt; an answer of the broker is on its way anyway. */
  void repeated(long now) {
    context.act(Action.Tally.DUPLICATE);
    if (step == Step.WILL_TOPIC) {
      promptForWillTopic(now);
    }
  }

  /** The client sent something other than CONNECT, so it got its answer. */
  void heard() {
    heardSinceConnect = true;
  }

  /** A new CONNECT, whether or not it leads to a dialogue. */
  void begin(Connect newConnect, long now) {
    connect = newConnect;
    connectedAt = now;
    heardSinceConnect = false;
    willTopic = null;
    lastOfWill = null;
  }

  /** Asks the client for its will, or the broker for the connection. */
  void start(Connect begun, long now) {
    if (begun.will()) {
      promptForWillTopic(now);
    } else {
      askBroker(begun, now);
    }
  }

  /** A message of a client that has no connection yet. */
  void fromClient(ToGateway message, long now) {
    Connect begun = connect;
    if (begun == null || !isUnderWay()) {
      context.act(Action.Refusal.OUT_OF_STATE);
    } else if (message.equals(lastOfWill)) {
      context.act(Action.Tally.DUPLICATE); // the answer of the broker is on its way
    } else if (message instanceof WillTopic topic && awaitsWill()) {
      willTopic(begun, topic, now);
    } else if (message instanceof WillMsg willMsg && step == Step.WILL_MSG) {
      willMsg(begun, willMsg, now);
    } else if (message instanceof Disconnect) {
      context.toClient(new Disconnect(0));
      abandon();
    } else {
      context.act(Action.Refusal.OUT_OF_STATE);
    }
  }

  /** WILLTOPIC or WILLMSG of a connected client: CONNACK again, if that was its answer. */
  void answerAgain(ToGateway message, State state, long now) {
    long windowNanos = context.settings().sessions().retryWindowNanos();
    boolean isLate = state != State.ACTIVE || now - lastOfWillAt > windowNanos;
    if (message.equals(lastOfWill) && !isLate) {
      context.act(Action.Tally.DUPLICATE);
      context.toClient(new ConnAck(ReturnCode.ACCEPTED));
    } else {
      context.act(Action.Refusal.OUT_OF_STATE);
    }
  }

  /** A part of the will that cannot be obeyed ends the dialogue. */
  void unusable(MessageType type) {
    if (awaitsWill() && (type == MessageType.WILLTOPIC || type == MessageType.WILLMSG)) {
      reject(ReturnCode.NOT_SUPPORTED);
    }
  }

  /** Ends the dialogue with a negative CONNACK. */
  void reject(ReturnCode returnCode) {
    abandon();
    context.act(Action.Refusal.BROKER);
    context.toClient(new ConnAck(returnCode));
  }

  /** Ends the dialogue without a word. */
  void abandon() {
    end();
    uplink.close();
  }

  /** The dialogue is over: CONNACK follows, or none is due. */
  void end() {
    step = Step.NONE;
    deadline = Time.NEVER;
    willTopic = null;
  }

  void timeout(long now) {
    if (now < deadline) {
      return;
    }
    if (awaitsBroker()) {
      reject(ReturnCode.CONGESTION);
    } else {
      end();
    }
  }

  private boolean awaitsWill() {
    return step == Step.WILL_TOPIC || step == Step.WILL_MSG;
  }

  /** WILLTOPIC; a repeated one repeats the prompt for the message. */
  private void willTopic(Connect begun, WillTopic topic, long now) {
    heard();
    if (topic.isEmpty()) {
      // SI-3: nothing is left to ask for, so CONNACK follows without WILLMSGREQ.
      complete(begun, null, topic, now);
    } else if (WillKeeper.accepts(topic.willTopic())) {
      willTopic = topic;
      step = Step.WILL_MSG;
      prompted(now);
      context.toClient(new WillMsgReq());
    } else {
      reject(ReturnCode.NOT_SUPPORTED);
    }
  }

  private void willMsg(Connect begun, WillMsg message, long now) {
    heard();
    WillTopic topic = willTopic;
    if (topic != null) {
      Will will = new Will(topic.willTopic(), message.willMsg(), topic.qos(), topic.retain());
      complete(begun, will, message, now);
    }
  }

  private void complete(Connect begun, @Nullable Will will, ToGateway last, long now) {
    wills.keep(will);
    lastOfWill = last;
    lastOfWillAt = now;
    askBroker(begun, now);
  }

  private void promptForWillTopic(long now) {
    step = Step.WILL_TOPIC;
    prompted(now);
    context.toClient(new WillTopicReq());
  }

  private void askBroker(Connect begun, long now) {
    step = Step.BROKER;
    // The client gets its answer before it asks again.
    deadline = Time.after(now, context.settings().sessions().tRetryNanos() / 10 * 9);
    uplink.open(begun.cleanSession(), wills.will());
  }

  private void prompted(long now) {
    deadline = Time.after(now, context.settings().sessions().retryWindowNanos());
  }
}
