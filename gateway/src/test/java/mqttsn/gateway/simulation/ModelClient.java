package mqttsn.gateway.simulation;

import io.netty.buffer.ByteBuf;
import java.util.List;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Decoded;
import mqttsn.codec.Decoder;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Encapsulated;
import mqttsn.codec.Legible;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.Octets;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToGateway;
import mqttsn.codec.UnsubAck;
import mqttsn.codec.Unsubscribe;
import mqttsn.codec.WillMsg;
import mqttsn.codec.WillMsgReq;
import mqttsn.codec.WillMsgResp;
import mqttsn.codec.WillMsgUpd;
import mqttsn.codec.WillTopic;
import mqttsn.codec.WillTopicReq;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.simulation.Requests.Kind;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT-SN client that follows the standard (§6). What it does when is up to its {@link Habits}.
 */
final class ModelClient {

  /** Where it stands, as it sees itself. */
  enum Phase {
    OFF,
    CONNECTING,
    ACTIVE,
    LEAVING,
    FALLING_ASLEEP,
    ASLEEP,
    AWAKE
  }

  final ClientPlan plan;
  private final World world;
  private final List<Invariant> invariants;
  private final Dice dice;
  private final Requests requests;
  private final Inbox inbox;
  private final Habits habits;
  private ClientAddress address;
  private Phase phase = Phase.OFF;
  private int lastMsgId;
  private int lastMessage;
  private int connections;
  private boolean wasCleanSession;
  private @Nullable String willPayload;
  private Invariant.@Nullable Message publishing;
  private long lastSent;

  ModelClient(ClientPlan plan, ClientAddress address, World world, Dice dice) {
    this.plan = plan;
    this.address = address;
    this.world = world;
    this.dice = dice;
    this.invariants = world.invariants();
    requests = new Requests(this, world.timeline());
    inbox = new Inbox(this, invariants, dice);
    habits = new Habits(this, world, dice);
  }

  String clientId() {
    return plan.clientId();
  }

  ClientAddress address() {
    return address;
  }

  Phase phase() {
    return phase;
  }

  Habits habits() {
    return habits;
  }

  /** Counts the CONNECTs, so that what belongs to an earlier connection is recognised. */
  int connections() {
    return connections;
  }

  boolean isPublishing() {
    return publishing != null;
  }

  double rejectionProbability() {
    return world.isCalm() ? 0 : 0.02;
  }

  boolean isAsking(Kind kind) {
    return requests.isOutstanding(kind);
  }

  long now() {
    return world.timeline().now();
  }

  long sinceLastSent() {
    return world.timeline().now() - lastSent;
  }

  // --- what it does
  // ------------------------------------------------------------------------------------------

  void send(ToGateway message) {
    lastSent = world.timeline().now();
    world.fromClient(this, message);
  }

  void connect(boolean cleanSession) {
    requests.clear();
    publishing = null;
    phase = Phase.CONNECTING;
    connections++;
    if (cleanSession || wasCleanSession) {
      inbox.forgetEverything();
      invariants.forEach(invariant -> invariant.rebooted(this));
    }
    wasCleanSession = cleanSession;
    requests.ask(
        Kind.CONNECTION,
        new Connect(plan.hasWill(), cleanSession, plan.durationSeconds(), plan.clientId()));
  }

  void disconnect() {
    requests.clear();
    publishing = null;
    phase = Phase.LEAVING;
    requests.ask(Kind.CONNECTION, new Disconnect(0));
  }

  void sleep(int seconds) {
    phase = Phase.FALLING_ASLEEP;
    requests.ask(Kind.CONNECTION, new Disconnect(seconds));
  }

  void wakeUp() {
    phase = Phase.AWAKE;
    requests.ask(Kind.PING, new PingReq(plan.clientId()));
  }

  void ping() {
    requests.ask(Kind.PING, new PingReq(""));
  }

  /** Switches off without a word. */
  void vanish() {
    phase = Phase.OFF;
    requests.clear();
    publishing = null;
  }

  /** Loses its memory. */
  void reboot() {
    vanish();
    inbox.forgetEverything();
    lastMsgId = 0;
    invariants.forEach(invariant -> invariant.rebooted(this));
  }

  void moveTo(ClientAddress newAddress) {
    address = newAddress;
  }

  void subscribe(SubscribeTopic topic, Qos qos) {
    requests.ask(Kind.SUBSCRIPTION, new Subscribe(false, qos, nextMsgId(), topic));
  }

  void unsubscribe(SubscribeTopic topic) {
    requests.ask(Kind.SUBSCRIPTION, new Unsubscribe(nextMsgId(), topic));
  }

  void updateWill() {
    willPayload = nextPayload();
    requests.ask(Kind.WILL, new WillMsgUpd(Octets.utf8(willPayload)));
  }

  /** Publishes on a name without another way to say it: registers it first, if need be. */
  void publishNamed(String name, Qos qos) {
    NormalId id = inbox.idOf(name);
    if (id == null) {
      requests.ask(Kind.REGISTER, new Register(0, nextMsgId(), name));
    } else {
      publish(id, name, qos, false);
    }
  }

  void publishPredefined(int topicId, Qos qos) {
    publish(new PredefinedId(topicId), Topics.PREDEFINED.getOrDefault(topicId, ""), qos, false);
  }

  void publishShort(String name, Qos qos, boolean retain) {
    publish(new ShortName(name), name, qos, retain);
  }

  private void publish(PublishTopic topic, String name, Qos qos, boolean retain) {
    String payload = nextPayload();
    boolean isRequest = qos == Qos.ONE || qos == Qos.TWO;
    Publish publish =
        new Publish(false, qos, retain, topic, isRequest ? nextMsgId() : 0, Octets.utf8(payload));
    Invariant.Message message = new Invariant.Message(name, qos.level(), payload);
    invariants.forEach(invariant -> invariant.offered(this, message));
    if (isRequest) {
      publishing = message;
      requests.ask(Kind.PUBLISH, publish);
    } else {
      send(publish);
    }
  }

  // --- what it hears
  // -----------------------------------------------------------------------------------------

  /**
   * A datagram of the gateway.
   *
   * @param sentAt when it left the gateway
   */
  void received(ByteBuf datagram, long sentAt) {
    if (phase == Phase.OFF || phase == Phase.ASLEEP) {
      return;
    }
    Decoded decoded = Decoder.toClient(datagram);
    Legible message =
        decoded instanceof Encapsulated encapsulated
            ? encapsulated.message()
            : decoded instanceof Legible legible ? legible : null;
    if (message == null) {
      throw new Violation(clientId() + ": the gateway sent what cannot be decoded: " + decoded);
    }
    world.transcript(clientId(), "hears", message);
    if (phase == Phase.AWAKE && !(message instanceof PingResp)) {
      requests.prolong(Kind.PING);
    }
    dispatch(message, sentAt);
  }

  private void dispatch(Legible message, long sentAt) {
    switch (message.type()) {
      case WILLTOPICREQ -> willTopicReq((WillTopicReq) message);
      case WILLMSGREQ -> willMsgReq((WillMsgReq) message);
      case CONNACK -> connAck((ConnAck) message);
      case REGACK -> regAck((RegAck) message);
      case SUBACK -> subAck((SubAck) message);
      case UNSUBACK -> unsubAck((UnsubAck) message);
      case PUBACK -> pubAck((PubAck) message);
      case PUBREC -> pubRec((PubRec) message);
      case PUBCOMP -> pubComp((PubComp) message);
      case PINGRESP -> pingResp();
      case WILLMSGRESP -> willMsgResp((WillMsgResp) message);
      case DISCONNECT -> disconnected();
      case REGISTER -> inbox.register((Register) message);
      case PUBLISH -> inbox.publish((Publish) message, sentAt);
      case PUBREL -> inbox.pubRel(((PubRel) message).msgId());
      default -> {}
    }
  }

  private void willTopicReq(WillTopicReq request) {
    if (phase == Phase.CONNECTING
        && requests.outstanding(Kind.CONNECTION) instanceof Connect connect
        && connect.will()) {
      world.transcript(clientId(), "answers", request);
      requests.ask(
          Kind.CONNECTION,
          new WillTopic(Qos.ofLevel(dice.between(0, 2)), false, "will/" + clientId()));
    }
  }

  private void willMsgReq(WillMsgReq request) {
    if (requests.outstanding(Kind.CONNECTION) instanceof WillTopic) {
      world.transcript(clientId(), "answers", request);
      willPayload = nextPayload();
      requests.ask(Kind.CONNECTION, new WillMsg(Octets.utf8(willPayload)));
    }
  }

  private void connAck(ConnAck connAck) {
    if (phase != Phase.CONNECTING) {
      return;
    }
    requests.clear();
    if (connAck.returnCode() == ReturnCode.ACCEPTED) {
      phase = Phase.ACTIVE;
      habits.connected();
    } else {
      phase = Phase.OFF;
      habits.off();
    }
  }

  private void regAck(RegAck regAck) {
    ToGateway request =
        requests.answered(
            Kind.REGISTER, r -> r instanceof Register s && s.msgId() == regAck.msgId());
    if (request instanceof Register register && regAck.returnCode() == ReturnCode.ACCEPTED) {
      inbox.learn(regAck.topicId(), register.topicName());
      if (!isPublishing() && phase == Phase.ACTIVE) {
        publish(
            new NormalId(regAck.topicId()),
            register.topicName(),
            Qos.ofLevel(dice.between(0, 2)),
            false);
      }
    }
  }

  private void subAck(SubAck subAck) {
    ToGateway request =
        requests.answered(
            Kind.SUBSCRIPTION, r -> r instanceof Subscribe s && s.msgId() == subAck.msgId());
    if (request instanceof Subscribe subscribe
        && subscribe.topic() instanceof Named named
        && subAck.returnCode() == ReturnCode.ACCEPTED
        && subAck.topicId() != 0) {
      inbox.learn(subAck.topicId(), named.topicName());
    }
  }

  private void unsubAck(UnsubAck unsubAck) {
    requests.answered(
        Kind.SUBSCRIPTION, r -> r instanceof Unsubscribe u && u.msgId() == unsubAck.msgId());
  }

  private void pubAck(PubAck pubAck) {
    ToGateway request =
        requests.answered(Kind.PUBLISH, r -> r instanceof Publish p && p.msgId() == pubAck.msgId());
    Invariant.Message message = publishing;
    if (!(request instanceof Publish publish) || message == null) {
      return;
    }
    publishing = null;
    switch (pubAck.returnCode()) {
      case ACCEPTED -> {
        if (publish.qos() == Qos.TWO) {
          throw new Violation(clientId() + ": PUBACK accepted for QoS 2");
        }
        invariants.forEach(invariant -> invariant.acknowledged(this, message));
        habits.published(publish.qos());
      }
      case INVALID_TOPIC_ID -> {
        if (publish.topic() instanceof NormalId id) {
          inbox.forget(id);
        }
      }
      case CONGESTION -> habits.waitForCongestion();
      case NOT_SUPPORTED -> {}
    }
  }

  private void pubRec(PubRec pubRec) {
    ToGateway request =
        requests.answered(Kind.PUBLISH, r -> r instanceof Publish p && p.msgId() == pubRec.msgId());
    Invariant.Message message = publishing;
    if (request != null && message != null) {
      invariants.forEach(invariant -> invariant.acknowledged(this, message));
      requests.ask(Kind.PUBLISH, new PubRel(pubRec.msgId()));
    }
  }

  private void pubComp(PubComp pubComp) {
    ToGateway request =
        requests.answered(Kind.PUBLISH, r -> r instanceof PubRel p && p.msgId() == pubComp.msgId());
    if (request != null) {
      publishing = null;
      habits.published(Qos.TWO);
    }
  }

  private void pingResp() {
    boolean wasAsked = requests.answered(Kind.PING, request -> true) != null;
    if (phase == Phase.AWAKE && wasAsked) {
      phase = Phase.ASLEEP;
      habits.asleep();
    }
  }

  private void willMsgResp(WillMsgResp response) {
    requests.answered(Kind.WILL, request -> true);
    world.transcript(clientId(), "will", response.returnCode());
  }

  private void disconnected() {
    if (phase == Phase.FALLING_ASLEEP) {
      requests.clear();
      publishing = null;
      phase = Phase.ASLEEP;
      habits.asleep();
    } else if (phase != Phase.CONNECTING) {
      vanish();
      habits.off();
    }
  }

  /** A request was sent often enough: the gateway counts as gone. */
  void unanswered(Kind kind) {
    world.transcript(clientId(), "gives up", kind);
    if (phase == Phase.AWAKE) {
      phase = Phase.ASLEEP;
      habits.asleep();
      return;
    }
    vanish();
    habits.off();
  }

  private int nextMsgId() {
    lastMsgId = lastMsgId == 0xFFFF ? 1 : lastMsgId + 1;
    return lastMsgId;
  }

  /** Unique in the world. */
  private String nextPayload() {
    return clientId() + "." + ++lastMessage;
  }
}
