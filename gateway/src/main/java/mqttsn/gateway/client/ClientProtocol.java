package mqttsn.gateway.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import mqttsn.codec.ConnAck;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.MessageType;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.PingReq;
import mqttsn.codec.PingResp;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.PubRel;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.Register;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.ToClient;
import mqttsn.codec.ToGateway;
import mqttsn.codec.UnsubAck;
import mqttsn.gateway.client.ClientAction.Answered;
import mqttsn.gateway.client.ClientAction.Ended;
import mqttsn.gateway.client.ClientAction.Failed;
import mqttsn.gateway.client.ClientAction.Send;
import mqttsn.gateway.client.Exchange.Slot;
import mqttsn.topic.TopicFilters;
import org.jspecify.annotations.Nullable;

/**
 * What a client of MQTT-SN 1.2 does, without socket, clock or thread: one input at a time, then the
 * actions it leads to, in order. {@code now} is monotonic nanoseconds from any origin that is not
 * negative. Not safe for use from several threads.
 */
public final class ClientProtocol {

  /** The deadline of something that waits for nothing. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Requests of one kind that may wait for those before them. */
  static final int MAX_WAITING = 10_000;

  private final ClientSettings settings;
  private final long tRetryNanos;
  private final Deliveries deliveries = new Deliveries();

  /** The first of each kind is outstanding, the others wait. */
  private final Map<Slot, Deque<Exchange>> exchanges = new EnumMap<>(Slot.class);

  private final List<ClientAction> actions = new ArrayList<>();

  private ClientState state = ClientState.DISCONNECTED;
  private long keepAliveNanos;
  private long lastSentNanos;
  private int lastMsgId;

  public ClientProtocol(ClientSettings settings) {
    this.settings = settings;
    this.tRetryNanos = settings.tRetry().toNanos();
    for (Slot slot : Slot.values()) {
      exchanges.put(slot, new ArrayDeque<>());
    }
  }

  public ClientState state() {
    return state;
  }

  /** The topic id of a name that a REGACK, SUBACK or REGISTER told; null if none did. */
  public @Nullable NormalId idOf(String topicName) {
    return deliveries.idOf(topicName);
  }

  /** The gateway does not know this id any more. */
  public void forget(NormalId topic) {
    deliveries.forget(topic);
  }

  /** A request to make. It waits if another of its kind is outstanding. */
  public List<ClientAction> begin(Exchange exchange, long now) {
    Deque<Exchange> waiting = exchanges(exchange.slot());
    if (waiting.size() > MAX_WAITING) {
      actions.add(new Failed(exchange, Failure.TOO_MANY));
    } else {
      waiting.add(exchange);
      if (waiting.peek() == exchange) {
        sendFirst(waiting, now);
      }
    }
    return drain();
  }

  public List<ClientAction> received(ToClient message, long now) {
    if (state == ClientState.AWAKE) {
      extendAwake(now);
    }
    dispatch(message, now);
    return drain();
  }

  /** Sends again what went unanswered, and PINGREQ in time; harmless when nothing is due. */
  public List<ClientAction> timeout(long now) {
    for (Slot slot : Slot.values()) {
      Exchange outstanding = exchanges(slot).peek();
      if (outstanding != null && outstanding.deadline() <= now) {
        ToGateway again = outstanding.sendAgain(settings.nRetry(), now + tRetryNanos);
        if (again == null) {
          giveUp(outstanding, now);
        } else {
          send(again, now);
        }
      }
    }
    if (keepAliveDeadline() <= now) {
      Exchange ping = Exchange.of(new PingReq(""));
      exchanges(Slot.PING).add(ping);
      sendFirst(exchanges(Slot.PING), now);
    }
    return drain();
  }

  /** When to call {@link #timeout}; {@link #NEVER} if nothing waits. */
  public long deadline() {
    long deadline = keepAliveDeadline();
    for (Deque<Exchange> waiting : exchanges.values()) {
      Exchange outstanding = waiting.peek();
      if (outstanding != null) {
        deadline = Math.min(deadline, outstanding.deadline());
      }
    }
    return deadline;
  }

  /** The socket said that no gateway is there; only a connect dialogue takes that for an answer. */
  public List<ClientAction> unreachable(long now) {
    Exchange outstanding = exchanges(Slot.CONNECTION).peek();
    if (outstanding != null && outstanding.request() instanceof Connect) {
      state = ClientState.DISCONNECTED;
      fail(outstanding, Failure.UNREACHABLE, now);
    }
    return drain();
  }

  private void dispatch(ToClient message, long now) {
    switch (message.type()) {
      case CONNACK -> connAck((ConnAck) message, now);
      case WILLTOPICREQ -> willTopicReq(now);
      case WILLMSGREQ -> willMsgReq(now);
      case REGISTER -> deliveries.register((Register) message, actions);
      case REGACK -> regAck((RegAck) message, now);
      case PUBLISH -> deliveries.publish((Publish) message, actions);
      case PUBACK -> pubAck((PubAck) message, now);
      case PUBREC -> pubRec((PubRec) message, now);
      case PUBREL -> deliveries.pubRel((PubRel) message, actions);
      case PUBCOMP -> pubComp((PubComp) message, now);
      case SUBACK -> subAck((SubAck) message, now);
      case UNSUBACK -> unsubAck((UnsubAck) message, now);
      case PINGREQ -> pingReq();
      case PINGRESP -> pingResp((PingResp) message, now);
      case DISCONNECT -> disconnect((Disconnect) message, now);
      case WILLTOPICRESP -> answered(exchanges(Slot.WILL_TOPIC).peek(), message, now);
      case WILLMSGRESP -> answered(exchanges(Slot.WILL_MSG).peek(), message, now);
      // Discovery is no affair of a client that was told its gateway; the rest is for gateways.
      case ADVERTISE,
          SEARCHGW,
          GWINFO,
          CONNECT,
          WILLTOPIC,
          WILLMSG,
          SUBSCRIBE,
          UNSUBSCRIBE,
          WILLTOPICUPD,
          WILLMSGUPD -> {}
    }
  }

  private void connAck(ConnAck connAck, long now) {
    Exchange exchange = exchanges(Slot.CONNECTION).peek();
    if (exchange == null || !(exchange.request() instanceof Connect connect)) {
      return;
    }
    if (connAck.returnCode() == ReturnCode.ACCEPTED) {
      state = ClientState.ACTIVE;
      keepAliveNanos = Duration.ofSeconds(connect.durationSeconds()).toNanos();
      if (connect.cleanSession()) {
        deliveries.clear();
      }
    } else {
      state = ClientState.DISCONNECTED;
    }
    answered(exchange, connAck, now);
  }

  /** A repeated CONNECT leads to a repeated prompt, so prompts are answered at every step. */
  private void willTopicReq(long now) {
    Exchange exchange = exchanges(Slot.CONNECTION).peek();
    ClientWill will = exchange == null ? null : exchange.will();
    if (exchange != null && will != null) {
      send(exchange.send(will.willTopic(), now + tRetryNanos), now);
    }
  }

  private void willMsgReq(long now) {
    Exchange exchange = exchanges(Slot.CONNECTION).peek();
    ClientWill will = exchange == null ? null : exchange.will();
    if (exchange != null && will != null) {
      send(exchange.send(will.willMsg(), now + tRetryNanos), now);
    }
  }

  private void regAck(RegAck regAck, long now) {
    Exchange exchange = exchanges(Slot.REGISTER).peek();
    if (exchange != null && exchange.awaits(MessageType.REGISTER, regAck.msgId())) {
      if (regAck.returnCode() == ReturnCode.ACCEPTED
          && exchange.request() instanceof Register register) {
        deliveries.learn(regAck.topicId(), register.topicName());
      }
      answered(exchange, regAck, now);
    }
  }

  /** Ends QoS 1, and any QoS with an error (§5.4.13); matched by MsgId alone. */
  private void pubAck(PubAck pubAck, long now) {
    Exchange exchange = exchanges(Slot.PUBLISH).peek();
    boolean rejected = pubAck.returnCode() != ReturnCode.ACCEPTED;
    if (exchange != null && exchange.awaits(MessageType.PUBLISH, pubAck.msgId())) {
      boolean isQos1 = exchange.request() instanceof Publish publish && publish.qos() == Qos.ONE;
      if (isQos1 || rejected) {
        answered(exchange, pubAck, now);
      }
    } else if (pubAck.msgId() == 0 && rejected) {
      actions.add(new ClientAction.Refused(pubAck));
    }
  }

  private void pubRec(PubRec pubRec, long now) {
    Exchange exchange = exchanges(Slot.PUBLISH).peek();
    if (exchange != null
        && (exchange.awaits(MessageType.PUBLISH, pubRec.msgId())
            || exchange.awaits(MessageType.PUBREL, pubRec.msgId()))) {
      send(exchange.send(new PubRel(pubRec.msgId()), now + tRetryNanos), now);
    }
  }

  private void pubComp(PubComp pubComp, long now) {
    Exchange exchange = exchanges(Slot.PUBLISH).peek();
    if (exchange != null && exchange.awaits(MessageType.PUBREL, pubComp.msgId())) {
      answered(exchange, pubComp, now);
    }
  }

  private void subAck(SubAck subAck, long now) {
    Exchange exchange = exchanges(Slot.SUBSCRIPTION).peek();
    if (exchange != null && exchange.awaits(MessageType.SUBSCRIBE, subAck.msgId())) {
      if (subAck.returnCode() == ReturnCode.ACCEPTED
          && exchange.request() instanceof Subscribe subscribe
          && subscribe.topic() instanceof Named named
          && !TopicFilters.isWildcard(named.topicName())) {
        deliveries.learn(subAck.topicId(), named.topicName());
      }
      answered(exchange, subAck, now);
    }
  }

  private void unsubAck(UnsubAck unsubAck, long now) {
    Exchange exchange = exchanges(Slot.SUBSCRIPTION).peek();
    if (exchange != null && exchange.awaits(MessageType.UNSUBSCRIBE, unsubAck.msgId())) {
      answered(exchange, unsubAck, now);
    }
  }

  private void pingReq() {
    if (isConnected()) {
      actions.add(new Send(new PingResp()));
    }
  }

  private void pingResp(PingResp pingResp, long now) {
    if (state == ClientState.AWAKE) {
      state = ClientState.ASLEEP;
    }
    answered(exchanges(Slot.PING).peek(), pingResp, now);
  }

  private void disconnect(Disconnect disconnect, long now) {
    Exchange exchange = exchanges(Slot.CONNECTION).peek();
    if (exchange != null && exchange.request() instanceof Disconnect asked) {
      state = asked.durationSeconds() > 0 ? ClientState.ASLEEP : ClientState.DISCONNECTED;
      answered(exchange, disconnect, now);
      failOthers(Failure.NOT_CONNECTED);
    } else if (isConnected()) {
      end(ClientState.DISCONNECTED, Failure.DISCONNECTED);
    }
  }

  private void answered(@Nullable Exchange exchange, ToClient answer, long now) {
    if (exchange != null) {
      actions.add(new Answered(exchange, answer));
      next(exchange, now);
    }
  }

  private void fail(Exchange exchange, Failure failure, long now) {
    actions.add(new Failed(exchange, failure));
    next(exchange, now);
  }

  private void next(Exchange over, long now) {
    Deque<Exchange> waiting = exchanges(over.slot());
    waiting.remove(over);
    sendFirst(waiting, now);
  }

  /** Sends the first of those that wait; what cannot be sent, or needs no answer, is over. */
  private void sendFirst(Deque<Exchange> waiting, long now) {
    for (Exchange first = waiting.peek(); first != null; first = waiting.peek()) {
      if (!isAllowed(first.request())) {
        waiting.remove();
        actions.add(new Failed(first, Failure.NOT_CONNECTED));
      } else if (first.isUnanswered()) {
        waiting.remove();
        send(first.withMsgId(this::nextMsgId), now);
        actions.add(new Answered(first, new PubAck(0, 0, ReturnCode.ACCEPTED)));
      } else {
        if (state == ClientState.ASLEEP && first.slot() == Slot.PING) {
          state = ClientState.AWAKE;
        }
        send(first.send(first.withMsgId(this::nextMsgId), now + tRetryNanos), now);
        return;
      }
    }
  }

  /** Which request a state takes: a sleeping client has to CONNECT before it publishes (§6.14). */
  private boolean isAllowed(ToGateway request) {
    if (request instanceof Connect) {
      return true;
    } else if (request instanceof Publish publish && publish.qos() == Qos.MINUS_ONE) {
      return true;
    } else if (request instanceof Disconnect) {
      return isConnected();
    } else if (request instanceof PingReq pingReq && !pingReq.clientId().isEmpty()) {
      return isConnected();
    }
    return state == ClientState.ACTIVE;
  }

  private void giveUp(Exchange exchange, long now) {
    if (state == ClientState.AWAKE && exchange.slot() == Slot.PING) {
      state = ClientState.ASLEEP;
      fail(exchange, Failure.NO_ANSWER, now);
    } else if (exchange.slot() == Slot.CONNECTION) {
      state = ClientState.DISCONNECTED;
      fail(exchange, Failure.NO_ANSWER, now);
      failOthers(Failure.NOT_CONNECTED);
    } else {
      end(ClientState.LOST, Failure.NO_ANSWER);
    }
  }

  private void end(ClientState end, Failure failure) {
    state = end;
    failOthers(failure);
    actions.add(new Ended(failure));
  }

  /** Everything but what may still wait for a connection. */
  private void failOthers(Failure failure) {
    for (Map.Entry<Slot, Deque<Exchange>> entry : exchanges.entrySet()) {
      if (entry.getKey() != Slot.CONNECTION) {
        entry.getValue().forEach(exchange -> actions.add(new Failed(exchange, failure)));
        entry.getValue().clear();
      }
    }
  }

  private void extendAwake(long now) {
    Exchange ping = exchanges(Slot.PING).peek();
    if (ping != null) {
      // §6.14: T_retry restarts with every message that is not PINGRESP.
      ping.extend(now + tRetryNanos);
    }
  }

  /** PINGREQ goes out after three quarters of a keep alive without any message to the gateway. */
  private long keepAliveDeadline() {
    boolean supervised =
        state == ClientState.ACTIVE && keepAliveNanos > 0 && exchanges(Slot.PING).isEmpty();
    return supervised ? lastSentNanos + keepAliveNanos / 4 * 3 : NEVER;
  }

  private boolean isConnected() {
    return switch (state) {
      case ACTIVE, ASLEEP, AWAKE -> true;
      case DISCONNECTED, LOST -> false;
    };
  }

  private void send(ToGateway message, long now) {
    lastSentNanos = now;
    actions.add(new Send(message));
  }

  private int nextMsgId() {
    lastMsgId = lastMsgId == 0xFFFF ? 1 : lastMsgId + 1;
    return lastMsgId;
  }

  private Deque<Exchange> exchanges(Slot slot) {
    return exchanges.computeIfAbsent(slot, key -> new ArrayDeque<>());
  }

  private List<ClientAction> drain() {
    List<ClientAction> drained = List.copyOf(actions);
    actions.clear();
    return drained;
  }
}
