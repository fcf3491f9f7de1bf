package mqttsn.gateway.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.SubscriptionIdentifiers;
import mqttsn.gateway.session.Will;
import mqttsn.topic.TopicFilters;
import org.jspecify.annotations.Nullable;

/** What the model broker keeps of one MQTT client, connected or not. */
final class BrokerSession {

  /** A message on its way to the client of the session. */
  private static final class Outgoing {
    final String topicName;
    final Octets payload;
    final Qos qos;
    final boolean retain;
    final SubscriptionIdentifiers subscriptions;
    int packetIdentifier;
    boolean sent;
    boolean received;

    Outgoing(String topicName, Octets payload, Qos qos, boolean retain, List<Integer> identifiers) {
      this.topicName = topicName;
      this.payload = payload;
      this.qos = qos;
      this.retain = retain;
      this.subscriptions = new SubscriptionIdentifiers(identifiers);
    }

    BrokerEvent.Publish publish() {
      return new BrokerEvent.Publish(
          packetIdentifier, topicName, payload, qos, retain, sent, subscriptions);
    }
  }

  /**
   * A subscription.
   *
   * @param identifier 0 for none
   */
  private record Subscription(String topicFilter, Qos qos, int identifier) {}

  private static final int MAX_QUEUE = 1_000;

  final String clientId;

  /** Unique: a session that is made anew has another number. */
  final long number;

  private final boolean copiesForEach;

  /** Whether a packet identifier is used again as soon as it is free, or all others before. */
  private final boolean reusesIdentifiers;

  private final List<Invariant> invariants;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final Map<Integer, Outgoing> inFlight = new LinkedHashMap<>();
  private final Queue<Outgoing> queue = new ArrayDeque<>();

  /** Packet identifiers of the client's QoS 2 publishes that it has not released. */
  final Set<Integer> unreleased = new HashSet<>();

  Links.@Nullable Connection connection;
  @Nullable Will will;
  BrokerTerms terms = new BrokerTerms(true, 0, 0, 1);

  /** Changes with every connection and disconnection, so that late timers are recognised. */
  long generation;

  private int lastPacketIdentifier;

  BrokerSession(
      String clientId,
      long number,
      boolean copiesForEach,
      boolean reusesIdentifiers,
      List<Invariant> invariants) {
    this.clientId = clientId;
    this.number = number;
    this.copiesForEach = copiesForEach;
    this.reusesIdentifiers = reusesIdentifiers;
    this.invariants = invariants;
  }

  void subscribe(String filter, Qos qos, int identifier) {
    subscriptions.put(filter, new Subscription(filter, qos, identifier));
  }

  void unsubscribe(String filter) {
    subscriptions.remove(filter);
  }

  /** Messages that wait for the client or its acknowledgement. */
  int outstanding() {
    return inFlight.size() + queue.size();
  }

  /** Queues a message if subscriptions match: one copy, or one for each of them. */
  void offer(String topicName, Octets payload, Qos qos) {
    List<Subscription> matching = new ArrayList<>();
    subscriptions.forEach(
        (filter, subscription) -> {
          if (TopicFilters.matches(filter, topicName)) {
            matching.add(subscription);
          }
        });
    if (matching.isEmpty()) {
      return;
    }
    if (copiesForEach) {
      // With identifiers the receiver can tell the copies of one message.
      boolean isOne = matching.stream().allMatch(subscription -> subscription.identifier > 0);
      boolean isFirst = true;
      for (Subscription subscription : matching) {
        isFirst &= !enqueueCopy(topicName, payload, qos, List.of(subscription), isFirst || !isOne);
      }
    } else {
      enqueueCopy(topicName, payload, qos, matching, true);
    }
  }

  void enqueueRetained(String topicName, Octets payload, Qos qos, int identifier) {
    List<Integer> identifiers = identifier == 0 ? List.of() : List.of(identifier);
    enqueue(new Outgoing(topicName, payload, qos, true, identifiers), true);
  }

  /** A copy for some of the subscriptions; false when it is dropped. */
  private boolean enqueueCopy(
      String topicName,
      Octets payload,
      Qos qos,
      List<Subscription> matching,
      boolean isMessageOfItsOwn) {
    Outgoing copy = copy(topicName, payload, qos, matching);
    boolean isTaken = enqueue(copy, isMessageOfItsOwn);
    if (isTaken && copy.qos != Qos.ZERO) {
      Set<String> filters =
          matching.stream().map(Subscription::topicFilter).collect(Collectors.toSet());
      String text = payload.toUtf8String();
      invariants.forEach(invariant -> invariant.copied(clientId, text, filters));
    }
    return isTaken;
  }

  private static Outgoing copy(
      String topicName, Octets payload, Qos qos, List<Subscription> matching) {
    int granted = matching.stream().mapToInt(s -> s.qos.level()).max().orElse(0);
    List<Integer> identifiers =
        matching.stream().map(Subscription::identifier).filter(number -> number > 0).toList();
    return new Outgoing(
        topicName, payload, Qos.ofLevel(Math.min(granted, qos.level())), false, identifiers);
  }

  /** False when it is dropped. */
  private boolean enqueue(Outgoing outgoing, boolean isMessageOfItsOwn) {
    if ((outgoing.qos == Qos.ZERO && connection == null) || queue.size() >= MAX_QUEUE) {
      return false;
    }
    queue.add(outgoing);
    if (isMessageOfItsOwn) {
      String text = outgoing.payload.toUtf8String();
      invariants.forEach(invariant -> invariant.queued(clientId, text));
    }
    flush();
    return true;
  }

  /** Sends what waits, as far as the receive maximum of the client allows. */
  void flush() {
    Links.Connection to = connection;
    while (to != null && !queue.isEmpty()) {
      if (queue.peek().qos != Qos.ZERO) {
        if (inFlight.size() >= terms.receiveMaximum()) {
          return;
        }
        lastPacketIdentifier = reusesIdentifiers ? 0 : lastPacketIdentifier;
        do {
          lastPacketIdentifier = lastPacketIdentifier % 0xFFFF + 1;
        } while (inFlight.containsKey(lastPacketIdentifier));
        queue.peek().packetIdentifier = lastPacketIdentifier;
        inFlight.put(lastPacketIdentifier, queue.peek());
      }
      Outgoing next = queue.remove();
      to.toGateway(next.publish());
      next.sent = true;
    }
  }

  /** The client is back: sends again what it did not acknowledge, in order. */
  void resend(Links.Connection to) {
    for (Outgoing outgoing : inFlight.values()) {
      to.toGateway(
          outgoing.received
              ? new BrokerEvent.PubRel(outgoing.packetIdentifier)
              : outgoing.publish());
    }
    flush();
  }

  /** The payload of the message in flight under an identifier; null for none. */
  @Nullable String payload(int packetIdentifier) {
    Outgoing outgoing = inFlight.get(packetIdentifier);
    return outgoing == null ? null : outgoing.payload.toUtf8String();
  }

  void pubAck(int packetIdentifier) {
    Outgoing outgoing = inFlight.get(packetIdentifier);
    // One for nothing may be the second, after a redelivery that crossed the first.
    if (outgoing != null && outgoing.qos == Qos.ONE) {
      inFlight.remove(packetIdentifier);
      flush();
    }
  }

  void pubRec(int packetIdentifier) {
    Outgoing outgoing = inFlight.get(packetIdentifier);
    if (outgoing != null && outgoing.qos == Qos.TWO) {
      outgoing.received = true;
    }
    Links.Connection to = connection;
    if (to != null) {
      to.toGateway(new BrokerEvent.PubRel(packetIdentifier));
    }
  }

  void pubComp(int packetIdentifier) {
    Outgoing outgoing = inFlight.get(packetIdentifier);
    if (outgoing != null && outgoing.received) {
      inFlight.remove(packetIdentifier);
      flush();
    }
  }

  /** What the connection is gone for: messages with QoS 0 that it did not take. */
  void disconnected() {
    connection = null;
    generation++;
    List<Outgoing> kept = new ArrayList<>(queue);
    queue.clear();
    kept.removeIf(outgoing -> outgoing.qos == Qos.ZERO);
    queue.addAll(kept);
  }
}
