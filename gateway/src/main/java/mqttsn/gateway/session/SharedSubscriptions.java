package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Qos;
import mqttsn.topic.TopicFilters;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of all clients of one shared connection: each topic filter once, with the
 * highest QoS that somebody wants, and who gets what arrives.
 */
final class SharedSubscriptions {

  private static final int MAX_IDENTIFIER = 268_435_455;

  /** One topic filter at the broker. */
  static final class Filter {
    final String topicFilter;

    /** Tells which filters a message matched (MQTT 5); also their order with the same QoS. */
    final int subscriptionIdentifier;

    private final Map<BrokerLink, Qos> subscribers = new LinkedHashMap<>();

    /** Who subscribed last: retained messages are for this one only. */
    private @Nullable BrokerLink latest;

    private @Nullable Qos asked;
    private @Nullable Qos granted;
    private int turn;

    Filter(String topicFilter, int subscriptionIdentifier) {
      this.topicFilter = topicFilter;
      this.subscriptionIdentifier = subscriptionIdentifier;
    }

    /** A filter that nobody wants, to be unsubscribed from. */
    static Filter unused(String topicFilter) {
      return new Filter(topicFilter, 0);
    }

    boolean isUnused() {
      return subscribers.isEmpty();
    }

    /** The highest QoS that a subscriber wants. */
    Qos wanted() {
      Qos highest = Qos.ZERO;
      for (Qos qos : subscribers.values()) {
        highest = qos.level() > highest.level() ? qos : highest;
      }
      return highest;
    }

    /** The broker was asked for this filter, with the QoS wanted now. */
    void asked() {
      asked = wanted();
    }

    /** Whether the broker was asked for at least this QoS. */
    boolean covers(Qos qos) {
      return asked != null && asked.level() >= qos.level();
    }

    /** What a subscriber gets who wants this QoS. */
    Qos grantedTo(Qos qos) {
      return granted != null && granted.level() < qos.level() ? granted : qos;
    }

    /**
     * What the broker sends for this filter, as it has said.
     *
     * @param qos null while it sends nothing
     */
    void granted(@Nullable Qos qos) {
      granted = qos;
    }

    /** Whether a subscriber of both gets the copy for this filter, and not that for the other. */
    private boolean isBefore(Filter other, BrokerLink link) {
      int more = levelOf(link) - other.levelOf(link);
      return more > 0 || (more == 0 && subscriptionIdentifier < other.subscriptionIdentifier);
    }

    /** The QoS of the copies for this filter; -1 while the broker sends none. */
    private int levelOf(BrokerLink link) {
      return granted == null ? -1 : grantedTo(subscribers.getOrDefault(link, Qos.ZERO)).level();
    }

    /** Whether a retained message is there because this link has just subscribed. */
    private boolean isNewTo(BrokerLink link) {
      return link.equals(latest);
    }

    /** Retained messages that arrive from now on are for this subscriber only. */
    void retainedGoTo(BrokerLink link) {
      latest = link;
    }
  }

  private final Map<String, Filter> byFilter = new HashMap<>();
  private final Map<Integer, Filter> byIdentifier = new HashMap<>();
  private final Map<BrokerLink, Set<Filter>> bySubscriber = new HashMap<>();
  private final FilterTrie trie = new FilterTrie();

  /** Adds a subscriber; the filter that it now has. */
  Filter add(BrokerLink link, String topicFilter, Qos qos) {
    Filter filter = byFilter.get(topicFilter);
    if (filter == null) {
      filter = new Filter(topicFilter, identifierFor(topicFilter));
      byFilter.put(topicFilter, filter);
      byIdentifier.put(filter.subscriptionIdentifier, filter);
      trie.add(filter);
    }
    filter.subscribers.put(link, qos);
    bySubscriber.computeIfAbsent(link, subscriber -> new LinkedHashSet<>(2)).add(filter);
    return filter;
  }

  boolean has(BrokerLink link, String topicFilter) {
    Filter filter = byFilter.get(topicFilter);
    return filter != null && filter.subscribers.containsKey(link);
  }

  /** What is wanted of a filter; null if nobody wants it. */
  @Nullable Filter filter(String topicFilter) {
    return byFilter.get(topicFilter);
  }

  /** Whether the broker was asked for this filter with at least this QoS. */
  boolean covers(String topicFilter, Qos qos) {
    Filter filter = byFilter.get(topicFilter);
    return filter != null && filter.covers(qos);
  }

  /** Removes a subscriber; the filter, if nobody is left who wants it. */
  @Nullable Filter remove(BrokerLink link, String topicFilter) {
    Filter filter = byFilter.get(topicFilter);
    Set<Filter> ofSubscriber = bySubscriber.get(link);
    if (filter == null || ofSubscriber == null || !ofSubscriber.remove(filter)) {
      return null;
    }
    bySubscriber.remove(link, Set.of());
    return unsubscribed(link, filter) ? filter : null;
  }

  /** Removes a subscriber everywhere; the filters that nobody wants any more. */
  List<Filter> removeAll(BrokerLink link) {
    Set<Filter> ofSubscriber = bySubscriber.remove(link);
    return ofSubscriber == null
        ? List.of()
        : ofSubscriber.stream().filter(filter -> unsubscribed(link, filter)).toList();
  }

  /** Whether nobody is left who wants the filter. */
  private boolean unsubscribed(BrokerLink link, Filter filter) {
    filter.subscribers.remove(link);
    if (link.equals(filter.latest)) {
      filter.latest = null;
    }
    if (!filter.isUnused()) {
      return false;
    }
    byFilter.remove(filter.topicFilter);
    byIdentifier.remove(filter.subscriptionIdentifier);
    trie.remove(filter);
    return true;
  }

  /** The broker lost its session, and sends nothing for any filter. */
  void forgottenByBroker() {
    byFilter.values().forEach(filter -> filter.granted(null));
  }

  /** Every filter, for a broker that lost its session. */
  List<Filter> all() {
    return List.copyOf(byFilter.values());
  }

  /**
   * Who gets a message, and with which QoS at most; each receiver once.
   *
   * <p>A broker may send one copy for all matching filters or one for each. With subscription
   * identifiers a copy goes to those receivers only for whose filter with the highest QoS it is, so
   * that either way they get one.
   */
  Map<BrokerLink, Qos> receivers(BrokerEvent.Publish publish) {
    List<Filter> matching = trie.matching(publish.topicName());
    List<Integer> identifiers = publish.subscriptionIdentifiers().values();
    Map<BrokerLink, Qos> receivers = new LinkedHashMap<>();
    for (Filter filter : matching) {
      boolean inThisCopy =
          identifiers.isEmpty() || identifiers.contains(filter.subscriptionIdentifier);
      for (BrokerLink link : subscribersOf(filter, publish.retain())) {
        Qos qos = filter.subscribers.getOrDefault(link, Qos.ZERO);
        boolean isItsCopy =
            identifiers.isEmpty()
                || (publish.retain() && filter.isNewTo(link))
                || isFirst(link, matching, identifiers);
        if (inThisCopy && isItsCopy) {
          receivers.merge(link, qos, SharedSubscriptions::higher);
        }
      }
    }
    return receivers;
  }

  /**
   * The same for a filter in every process, so that a message which an earlier process asked for,
   * or was given, is known for what it is.
   */
  private int identifierFor(String topicFilter) {
    int identifier = Math.floorMod(topicFilter.hashCode(), MAX_IDENTIFIER) + 1;
    while (byIdentifier.containsKey(identifier)) {
      identifier = identifier % MAX_IDENTIFIER + 1;
    }
    return identifier;
  }

  /**
   * Whether the copy with these identifiers is the one for this subscriber: it has the matching
   * filter with its highest QoS, the first one of those.
   */
  private static boolean isFirst(
      BrokerLink link, List<Filter> matching, List<Integer> identifiers) {
    Filter first = null;
    for (Filter filter : matching) {
      if (filter.subscribers.containsKey(link) && (first == null || filter.isBefore(first, link))) {
        first = filter;
      }
    }
    return first != null && identifiers.contains(first.subscriptionIdentifier);
  }

  private static Iterable<BrokerLink> subscribersOf(Filter filter, boolean retained) {
    if (TopicFilters.isShared(filter.topicFilter)) {
      // A shared subscription: one of its subscribers, in turn.
      List<BrokerLink> all = List.copyOf(filter.subscribers.keySet());
      return List.of(all.get(filter.turn++ % all.size()));
    }
    BrokerLink latest = filter.latest;
    return retained && latest != null ? List.of(latest) : filter.subscribers.keySet();
  }

  private static Qos higher(Qos a, Qos b) {
    return a.level() >= b.level() ? a : b;
  }
}
