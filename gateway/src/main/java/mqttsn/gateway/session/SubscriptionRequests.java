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
 */
final class SubscriptionRequests {

  /**
   * What a request was about; no link for those of the connection itself.
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

  /** Filters of which the broker may not know what is wanted. */
  private final Set<Filter> unanswered = new LinkedHashSet<>();

  /** Filters that the broker's session may still have, and nobody wants. */
  private final Set<String> abandoned = new LinkedHashSet<>();

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
    if (!needsBroker) {
      toSession.accept(
          from, new BrokerEvent.SubAck(theirs, ReturnCode.ACCEPTED, filter.grantedTo(qos)));
      return;
    }
    if (subscribe.sendRetained()) {
      filter.retainedGoTo(from);
    }
    ask(new Asked(from, theirs, filter, qos, isNew), subscribe.sendRetained());
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
    Asked request = asked.remove(subAck.packetIdentifier());
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
    asked.remove(packetIdentifier);
  }

  /**
   * The connection is there: asks for what the broker may not know, and ends what nobody wants.
   *
   * @param isFirst whether it is the first of this process: what an earlier one asked for has the
   *     subscription identifiers of that process
   */
  void connected(boolean isFirst, boolean sessionPresent) {
    if (isFirst || !sessionPresent) {
      unanswered.addAll(subscriptions.all());
    }
    for (Filter filter : unanswered) {
      if (!filter.isUnused()) {
        ask(new Asked(null, 0, filter, filter.wanted(), false), false);
      }
    }
    unanswered.clear();
    for (String topicFilter : abandoned) {
      if (sessionPresent && !subscriptions.isWanted(topicFilter)) {
        end(Filter.unused(topicFilter));
      }
    }
    abandoned.clear();
  }

  /** The connection is gone, and with it what was to come from the broker. */
  void lost() {
    asked.values().forEach(this::unansweredByBroker);
    asked.clear();
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
    if (filter.isUnused()) {
      abandoned.add(filter.topicFilter);
    } else {
      unanswered.add(filter);
    }
  }

  private void ask(Asked request, boolean sendRetained) {
    int packetIdentifier = packetIdentifiers.next();
    Filter filter = request.filter();
    asked.put(packetIdentifier, request);
    filter.asked();
    toBroker.accept(
        new BrokerCommand.Subscribe(
            packetIdentifier,
            filter.topicFilter,
            filter.wanted(),
            window.limits().mqttVersion() >= 5 ? filter.subscriptionIdentifier : 0,
            sendRetained));
  }

  private void leave(@Nullable Filter unused) {
    if (unused != null && window.isUp()) {
      end(unused);
    } else if (unused != null) {
      abandoned.add(unused.topicFilter);
    }
  }

  private void end(Filter unused) {
    int packetIdentifier = packetIdentifiers.next();
    asked.put(packetIdentifier, new Asked(null, 0, unused, Qos.ZERO, false));
    toBroker.accept(new BrokerCommand.Unsubscribe(packetIdentifier, unused.topicFilter));
  }
}
