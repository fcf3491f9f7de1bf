package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Named;
import mqttsn.codec.NormalId;
import mqttsn.codec.PredefinedId;
import mqttsn.codec.PublishTopic;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ShortName;
import mqttsn.codec.SubAck;
import mqttsn.codec.Subscribe;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToClient;
import mqttsn.codec.UnsubAck;
import mqttsn.codec.Unsubscribe;
import mqttsn.topic.TopicFilters;
import mqttsn.topic.TopicRules;
import org.jspecify.annotations.Nullable;

/**
 * What the client is subscribed to (§6.9), and the SUBSCRIBE and UNSUBSCRIBE that wait for the
 * broker.
 */
final class Subscriptions {

  /** More requests than this at a time are refused; the standard allows a client one (§6.9). */
  private static final int MAX_PENDING = 16;

  /** A subscription that the broker granted. */
  private record Granted(SubscribeTopic topic, Qos qos) {}

  /**
   * A request that waits for the broker.
   *
   * @param msgId the client's; {@link #NOBODY} when the gateway asks for itself
   * @param qos null for UNSUBSCRIBE
   */
  private record Pending(
      int packetIdentifier,
      int msgId,
      SubscribeTopic topic,
      String topicFilter,
      @Nullable Qos qos) {

    static final int NOBODY = -1;

    /** The same request, with nobody who waits for its answer. */
    Pending withoutClient() {
      return new Pending(packetIdentifier, NOBODY, topic, topicFilter, qos);
    }

    BrokerCommand command() {
      return qos == null
          ? new BrokerCommand.Unsubscribe(packetIdentifier, topicFilter)
          : new BrokerCommand.Subscribe(packetIdentifier, topicFilter, qos, 0, msgId != NOBODY);
    }
  }

  /**
   * The request that was answered last: a client that did not hear the answer asks again (SI-34).
   */
  private record Answered(Pending request, ToClient answer, long at) {}

  private final SessionContext context;
  private final ClientTopics topics;
  private final Uplink uplink;
  private final PacketIdentifiers packetIdentifiers;
  private final Map<String, Granted> granted = new LinkedHashMap<>(0);
  private final List<Pending> pending = new ArrayList<>(0);
  private @Nullable Answered lastAnswered;

  Subscriptions(
      SessionContext context,
      ClientTopics topics,
      Uplink uplink,
      PacketIdentifiers packetIdentifiers) {
    this.context = context;
    this.topics = topics;
    this.uplink = uplink;
    this.packetIdentifiers = packetIdentifiers;
  }

  /** The granted subscriptions, for a record. */
  List<SessionRecord.Subscription> records() {
    List<SessionRecord.Subscription> records = new ArrayList<>(granted.size());
    granted.forEach(
        (filter, s) -> records.add(new SessionRecord.Subscription(s.topic(), filter, s.qos())));
    return records;
  }

  /** Goes on where a record ends. */
  void restore(List<SessionRecord.Subscription> records) {
    records.forEach(s -> granted.put(s.topicFilter(), new Granted(s.topic(), s.qos())));
  }

  int size() {
    return granted.size();
  }

  boolean uses(int packetIdentifier) {
    return byPacketIdentifier(packetIdentifier) != null;
  }

  /** The id under which the client subscribed to exactly this name; null for a normal topic id. */
  @Nullable PublishTopic idFor(String topicName) {
    Granted subscription = granted.get(topicName);
    return subscription != null && subscription.topic() instanceof PublishTopic id ? id : null;
  }

  void subscribe(Subscribe subscribe, long now) {
    if (isRepeated(subscribe.msgId(), subscribe.topic(), subscribe.qos(), now)) {
      return;
    }
    String topicFilter = filterOf(subscribe.topic());
    if (topicFilter == null) {
      refuse(subscribe, ReturnCode.INVALID_TOPIC_ID, Action.Refusal.TOPIC);
    } else if (!TopicRules.DEFAULT.allowsFilter(topicFilter)
        || (subscribe.topic() instanceof ShortName && !ClientTopics.isPublishable(topicFilter))) {
      refuse(subscribe, ReturnCode.NOT_SUPPORTED, Action.Refusal.TOPIC);
    } else if (!uplink.takesPublishes() || pending.size() >= MAX_PENDING) {
      refuse(subscribe, ReturnCode.CONGESTION, Action.Refusal.BROKER);
    } else if (isFull(topicFilter) || !hasTopicId(subscribe.topic())) {
      refuse(subscribe, ReturnCode.NOT_SUPPORTED, Action.Refusal.TOPIC_IDS_EXHAUSTED);
    } else {
      ask(subscribe.msgId(), subscribe.topic(), topicFilter, subscribe.qos());
    }
  }

  void unsubscribe(Unsubscribe unsubscribe, long now) {
    if (isRepeated(unsubscribe.msgId(), unsubscribe.topic(), null, now)) {
      return;
    }
    String topicFilter = filterOf(unsubscribe.topic());
    // UNSUBACK has no return code: what cannot be subscribed to is unsubscribed already (§5.4.18).
    if (topicFilter == null || !TopicRules.DEFAULT.allowsFilter(topicFilter)) {
      context.toClient(new UnsubAck(unsubscribe.msgId()));
    } else if (pending.size() >= MAX_PENDING) {
      context.act(Action.Refusal.BROKER);
    } else {
      ask(unsubscribe.msgId(), unsubscribe.topic(), topicFilter, null);
    }
  }

  void subAck(BrokerEvent.SubAck subAck, long now) {
    Pending request = byPacketIdentifier(subAck.packetIdentifier());
    if (request == null || request.qos() == null) {
      return;
    }
    pending.remove(request);
    boolean accepted = subAck.returnCode() == ReturnCode.ACCEPTED;
    if (accepted) {
      granted.put(request.topicFilter(), new Granted(request.topic(), request.qos()));
      context.changedForGood();
    } else {
      granted.remove(request.topicFilter());
      context.act(Action.Refusal.BROKER);
    }
    if (request.msgId() != Pending.NOBODY) {
      int topicId = accepted ? topicIdFor(request.topic()) : predefinedId(request.topic());
      if (accepted && onlyName(request.topic()) != null) {
        topics.normal().confirm(new NormalId(topicId));
      }
      answer(
          request,
          new SubAck(
              accepted ? subAck.grantedQos() : Qos.ZERO,
              topicId,
              request.msgId(),
              subAck.returnCode()),
          now);
    }
  }

  /** The broker is away; what the client had before stays. */
  void notTaken(int packetIdentifier, long now) {
    Pending request = byPacketIdentifier(packetIdentifier);
    if (request == null) {
      return;
    }
    pending.remove(request);
    context.act(Action.Refusal.BROKER);
    if (request.msgId() != Pending.NOBODY) {
      answer(
          request,
          new SubAck(
              Qos.ZERO, predefinedId(request.topic()), request.msgId(), ReturnCode.CONGESTION),
          now);
    }
  }

  void unsubAck(int packetIdentifier, long now) {
    Pending request = byPacketIdentifier(packetIdentifier);
    if (request == null || request.qos() != null) {
      return;
    }
    pending.remove(request);
    granted.remove(request.topicFilter());
    if (request.msgId() != Pending.NOBODY) {
      answer(request, new UnsubAck(request.msgId()), now);
    }
  }

  /**
   * The client rejected a REGISTER of this name: unsubscribes from it, unless a wildcard brought it
   * (§6.10).
   */
  void rejectedByClient(String topicName) {
    Granted subscription = granted.get(topicName);
    if (subscription != null && pending.size() < MAX_PENDING) {
      ask(Pending.NOBODY, subscription.topic(), topicName, null);
    }
  }

  /**
   * The connection is back: asks again what was not answered, and everything when the broker forgot
   * it. A shared connection does the latter itself.
   */
  void resend(boolean sessionPresent) {
    if (!sessionPresent && !context.route.isShared()) {
      pending.removeIf(request -> request.msgId() == Pending.NOBODY);
      granted.forEach(
          (topicFilter, subscription) -> {
            if (pending.stream().noneMatch(p -> p.topicFilter().equals(topicFilter))) {
              pending.add(
                  new Pending(
                      packetIdentifiers.next(),
                      Pending.NOBODY,
                      subscription.topic(),
                      topicFilter,
                      subscription.qos()));
            }
          });
    }
    pending.forEach(request -> context.toBroker(request.command()));
  }

  /** Forgets everything, as CleanSession wants it (§6.3). */
  void clear() {
    granted.clear();
    pending.clear();
    lastAnswered = null;
  }

  /**
   * A client that connects anew waits for no answer, and counts its MsgIds from the start again;
   * what the broker was asked counts all the same.
   */
  void clientRestarted() {
    pending.replaceAll(Pending::withoutClient);
    lastAnswered = null;
  }

  private void ask(int msgId, SubscribeTopic topic, String topicFilter, @Nullable Qos qos) {
    Pending request = new Pending(packetIdentifiers.next(), msgId, topic, topicFilter, qos);
    pending.add(request);
    if (uplink.isUp()) {
      context.toBroker(request.command());
    }
  }

  /** Whether the client asked this before, and has its answer, or will have it. */
  private boolean isRepeated(int msgId, SubscribeTopic topic, @Nullable Qos qos, long now) {
    for (Pending request : pending) {
      if (isSame(request, msgId, topic, qos)) {
        context.act(Action.Tally.DUPLICATE);
        return true;
      }
    }
    Answered last = lastAnswered;
    if (last != null
        && isSame(last.request(), msgId, topic, qos)
        && now - last.at() <= context.settings().sessions().retryWindowNanos()) {
      context.act(Action.Tally.DUPLICATE);
      context.toClient(last.answer());
      return true;
    }
    return false;
  }

  private static boolean isSame(
      Pending request, int msgId, SubscribeTopic topic, @Nullable Qos qos) {
    return request.msgId() == msgId && request.qos() == qos && request.topic().equals(topic);
  }

  private @Nullable String filterOf(SubscribeTopic topic) {
    if (topic instanceof Named named) {
      return named.topicName();
    }
    if (topic instanceof PredefinedId id) {
      return topics.predefined().nameOf(id);
    }
    return ((ShortName) topic).topicName();
  }

  /** The TopicId of SUBACK: 0x0000 for wildcards and short names (§6.9). */
  private int topicIdFor(SubscribeTopic topic) {
    String name = onlyName(topic);
    NormalId topicId = name == null ? null : topics.normal().idOf(name);
    return topicId == null ? predefinedId(topic) : topicId.topicId();
  }

  /**
   * Whether the name that the client subscribes to, if it is a single one, has a topic id from now
   * on.
   */
  private boolean hasTopicId(SubscribeTopic topic) {
    String name = onlyName(topic);
    return name == null || topics.register(name) != null;
  }

  private static @Nullable String onlyName(SubscribeTopic topic) {
    return topic instanceof Named named ? TopicFilters.onlyName(named.topicName()) : null;
  }

  /** What the broker was asked for counts too. */
  private boolean isFull(String topicFilter) {
    Set<String> wanted = new HashSet<>(granted.keySet());
    pending.stream()
        .filter(request -> request.qos() != null)
        .forEach(request -> wanted.add(request.topicFilter()));
    return wanted.size() >= context.settings().sessions().maxSubscriptions()
        && !wanted.contains(topicFilter);
  }

  private void refuse(Subscribe subscribe, ReturnCode returnCode, Action.Refusal why) {
    context.act(why);
    context.toClient(
        new SubAck(Qos.ZERO, predefinedId(subscribe.topic()), subscribe.msgId(), returnCode));
  }

  /** The TopicId of a negative SUBACK: a predefined one is echoed, there is no other. */
  private static int predefinedId(SubscribeTopic topic) {
    return topic instanceof PredefinedId id ? id.topicId() : 0;
  }

  private void answer(Pending request, ToClient message, long now) {
    lastAnswered = new Answered(request, message, now);
    context.toClient(message);
  }

  private @Nullable Pending byPacketIdentifier(int packetIdentifier) {
    for (int i = 0; i < pending.size(); i++) {
      Pending request = pending.get(i);
      if (request.packetIdentifier() == packetIdentifier) {
        return request;
      }
    }
    return null;
  }
}
