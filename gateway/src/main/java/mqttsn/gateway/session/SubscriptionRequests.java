package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.SharedSubscriptions.Filter;
import org.jspecify.annotations.Nullable;

/**
 * SUBSCRIBE and UNSUBSCRIBE over a shared connection: the broker is asked for what nobody had
 * before, and what it did not answer is made good over the next connection.
 *
 * <p>What no session waits for goes out bit by bit: after a restart it may be tens of thousands of
 * filters.
 */
final class SubscriptionRequests {

  /** So many requests that no session waits for may be unanswered. */
  private static final int OWN_UNDER_WAY = 256;

  /**
   * What a request was about; no link where no session waits for the answer.
   *
   * @param isNew whether the link was not subscribed before
   */
  private record Asked(
      @Nullable BrokerLink link, int packetIdentifier, Filter filter, Qos qos, boolean isNew) {}

  private final SharedSubscriptions subscriptions;
  private final PacketIdentifiers packetIdentifiers;
  private final ReceiveWindow window;

  /** Whether sessions do not hear of an outage, and have to be told of what it cost them. */
  private final boolean outagesAreHidden;

  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;

  /** By packet identifier, what the broker has not answered. */
  private final Map<Integer, Asked> asked = new HashMap<>();

  /** How many of them no session waits for. */
  private int ownUnderWay;

  /** Topic filters of which the broker may not know whether, and how, they are wanted. */
  private final Set<String> unsettled = new LinkedHashSet<>();

  SubscriptionRequests(
      SharedSubscriptions subscriptions,
      PacketIdentifiers packetIdentifiers,
      ReceiveWindow window,
      boolean outagesAreHidden,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.subscriptions = subscriptions;
    this.packetIdentifiers = packetIdentifiers;
    this.window = window;
    this.outagesAreHidden = outagesAreHidden;
    this.toBroker = toBroker;
    this.toSession = toSession;
  }

  /** Whether the broker owes an answer. */
  boolean areOpen() {
    return !asked.isEmpty();
  }

  boolean uses(int packetIdentifier) {
    return asked.containsKey(packetIdentifier);
  }

  void subscribe(BrokerLink from, BrokerCommand.Subscribe subscribe, TopicPrefix prefix) {
    String topicFilter = prefix.toFilter(subscribe.topicFilter());
    int theirs = subscribe.packetIdentifier();
    Qos qos = subscribe.qos();
    boolean needsBroker = subscribe.sendRetained() || !subscriptions.covers(topicFilter, qos);
    if (needsBroker && !window.isUp()) {
      toSession.accept(from, new BrokerEvent.NotTaken(theirs));
      return;
    }
    boolean isNew = !subscriptions.has(from, topicFilter);
    Filter filter = subscriptions.add(from, topicFilter, qos);
    boolean isSettled = !window.isUp() || !unsettled.contains(topicFilter);
    if (!needsBroker && isSettled) {
      toSession.accept(
          from, new BrokerEvent.SubAck(theirs, ReturnCode.ACCEPTED, filter.grantedTo(qos)));
      return;
    }
    if (subscribe.sendRetained()) {
      filter.retainedGoTo(from);
    }
    boolean isAsked = ask(new Asked(from, theirs, filter, qos, isNew), subscribe.sendRetained());
    if (!isAsked) {
      if (isNew) {
        leave(subscriptions.remove(from, topicFilter));
      }
      toSession.accept(from, new BrokerEvent.NotTaken(theirs));
    }
  }

  void unsubscribe(BrokerLink from, BrokerCommand.Unsubscribe unsubscribe, TopicPrefix prefix) {
    leave(subscriptions.remove(from, prefix.toFilter(unsubscribe.topicFilter())));
    toSession.accept(from, new BrokerEvent.UnsubAck(unsubscribe.packetIdentifier()));
  }

  /** The link wants nothing any more. */
  void unsubscribeAll(BrokerLink from) {
    subscriptions.removeAll(from).forEach(this::leave);
  }

  void subAck(BrokerEvent.SubAck subAck) {
    Asked request = answered(subAck.packetIdentifier());
    if (request == null) {
      return;
    }
    boolean accepted = subAck.returnCode() == ReturnCode.ACCEPTED;
    if (accepted) {
      request.filter().granted(subAck.grantedQos());
    } else if (request.link() != null) {
      leave(subscriptions.remove(request.link(), request.filter().topicFilter));
    }
    if (request.link() != null) {
      toSession.accept(
          request.link(),
          new BrokerEvent.SubAck(
              request.packetIdentifier(),
              subAck.returnCode(),
              accepted ? request.filter().grantedTo(request.qos()) : Qos.ZERO));
    }
  }

  void unsubAck(int packetIdentifier) {
    Asked unused = answered(packetIdentifier);
  }

  /**
   * The connection is there: what the broker may not know is to be settled.
   *
   * @param isFirst whether it is the first of this process: what an earlier one asked for has the
   *     subscription identifiers of that process
   */
  void connected(boolean isFirst, boolean sessionPresent) {
    if (!sessionPresent) {
      unsettled.clear();
      subscriptions.forgottenByBroker();
    }
    if (isFirst || !sessionPresent) {
      subscriptions.all().forEach(filter -> unsettled.add(filter.topicFilter));
    }
  }

  /** The connection is gone, and with it what was to come from the broker. */
  void lost() {
    asked.values().forEach(this::unansweredByBroker);
    asked.clear();
    ownUnderWay = 0;
  }

  private void unansweredByBroker(Asked request) {
    Filter filter = request.filter();
    BrokerLink asker = request.link();
    if (outagesAreHidden && asker != null) {
      toSession.accept(asker, new BrokerEvent.NotTaken(request.packetIdentifier()));
      if (request.isNew()) {
        leave(subscriptions.remove(asker, filter.topicFilter));
      }
    }
    unsettled.add(filter.topicFilter);
  }

  /** Settles what is unsettled, a part of it at a time; to be called at the end of each input. */
  void proceed() {
    boolean hasIdentifiers = true;
    while (hasIdentifiers && window.isUp() && ownUnderWay < OWN_UNDER_WAY && !unsettled.isEmpty()) {
      String topicFilter = unsettled.iterator().next();
      Filter wanted = subscriptions.filter(topicFilter);
      hasIdentifiers =
          wanted == null
              ? end(Filter.unused(topicFilter))
              : ask(new Asked(null, 0, wanted, wanted.wanted(), false), false);
    }
  }

  private @Nullable Asked answered(int packetIdentifier) {
    Asked request = asked.remove(packetIdentifier);
    if (request != null && request.link() == null) {
      ownUnderWay--;
    }
    return request;
  }

  private void leave(@Nullable Filter unused) {
    if (unused != null) {
      unsettled.add(unused.topicFilter);
    }
  }

  /** Sends SUBSCRIBE, unless too much is under way. */
  private boolean ask(Asked request, boolean sendRetained) {
    int packetIdentifier = begin(request);
    if (packetIdentifier == PacketIdentifiers.NONE) {
      return false;
    }
    Filter filter = request.filter();
    filter.asked();
    toBroker.accept(
        new BrokerCommand.Subscribe(
            packetIdentifier,
            filter.topicFilter,
            filter.wanted(),
            window.limits().mqttVersion() >= 5 ? filter.subscriptionIdentifier : 0,
            sendRetained));
    return true;
  }

  /** Sends UNSUBSCRIBE, unless too much is under way. */
  private boolean end(Filter unused) {
    int packetIdentifier = begin(new Asked(null, 0, unused, Qos.ZERO, false));
    if (packetIdentifier == PacketIdentifiers.NONE) {
      return false;
    }
    toBroker.accept(new BrokerCommand.Unsubscribe(packetIdentifier, unused.topicFilter));
    return true;
  }

  private int begin(Asked request) {
    int packetIdentifier = packetIdentifiers.next();
    if (packetIdentifier != PacketIdentifiers.NONE) {
      asked.put(packetIdentifier, request);
      unsettled.remove(request.filter().topicFilter);
      ownUnderWay += request.link() == null ? 1 : 0;
    }
    return packetIdentifier;
  }
}
