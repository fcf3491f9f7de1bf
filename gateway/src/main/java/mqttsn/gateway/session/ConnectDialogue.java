package mqttsn.gateway.session;

import mqttsn.codec.Connect;
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
 * request.
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
  private Step step = Step.NONE;
  private @Nullable Connect connect;
  private long connectedAt;
  private boolean heardSinceConnect;
  private @Nullable WillTopic willTopic;
  private long deadline = Time.NEVER;

  ConnectDialogue(SessionContext context) {
    this.context = context;
  }

  boolean isUnderWay() {
    return step != Step.NONE;
  }

  boolean awaitsBroker() {
    return step == Step.BROKER;
  }

  boolean awaitsWill() {
    return step == Step.WILL_TOPIC || step == Step.WILL_MSG;
  }

  /** When a dialogue that the client left is forgotten. */
  long deadline() {
    return deadline;
  }

  /** The CONNECT of the present connection, or of the dialogue under way. */
  @Nullable Connect connect() {
    return connect;
  }

  /**
   * Whether a CONNECT is the last one again, because its answer got lost, and not a reboot: the
   * same octets within the retry window, and nothing else from the client since (SI-5).
   */
  boolean isRepeated(Connect again, long now) {
    return again.equals(connect)
        && (isUnderWay() || !heardSinceConnect)
        && now - connectedAt <= context.settings().sessions().retryWindowNanos();
  }

  /** Repeats the current prompt, for a repeated CONNECT. */
  void repeatPrompt() {
    if (step == Step.WILL_TOPIC) {
      context.toClient(new WillTopicReq());
    } else if (step == Step.WILL_MSG) {
      context.toClient(new WillMsgReq());
    }
  }

  /** The client sent something other than CONNECT. */
  void heard() {
    heardSinceConnect = true;
  }

  /** A new CONNECT. */
  void begin(Connect newConnect, long now) {
    connect = newConnect;
    connectedAt = now;
    heardSinceConnect = false;
    willTopic = null;
  }

  void promptForWillTopic(long now) {
    step = Step.WILL_TOPIC;
    prompted(now);
    context.toClient(new WillTopicReq());
  }

  /** WILLTOPIC with a topic; a repeated one repeats the prompt for the message. */
  void willTopic(WillTopic topic, long now) {
    willTopic = topic;
    step = Step.WILL_MSG;
    prompted(now);
    context.toClient(new WillMsgReq());
  }

  /** WILLMSG: the will is complete; null when its turn has not come. */
  @Nullable Will willMsg(WillMsg message) {
    WillTopic topic = willTopic;
    return step == Step.WILL_MSG && topic != null
        ? new Will(topic.willTopic(), message.willMsg(), topic.qos(), topic.retain())
        : null;
  }

  void askBroker(long now) {
    step = Step.BROKER;
    prompted(now);
  }

  /** CONNACK was sent, or the dialogue is given up. */
  void end() {
    step = Step.NONE;
    deadline = Time.NEVER;
    willTopic = null;
  }

  private void prompted(long now) {
    deadline = Time.after(now, context.settings().sessions().retryWindowNanos());
  }
}
