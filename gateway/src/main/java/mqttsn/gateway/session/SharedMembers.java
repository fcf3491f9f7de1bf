package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The links of the sessions that share one connection: which of them are open, and what their
 * sessions are told.
 */
final class SharedMembers {

  /** An event for the session of a link, to be delivered after the present input. */
  record Delivery(BrokerLink link, BrokerEvent event) {}

  /** The link of one session. */
  private static final class Member {
    final TopicPrefix prefix;
    boolean open;

    /** Opened, and the connection is not there yet. */
    boolean waits;

    Member(TopicPrefix prefix) {
      this.prefix = prefix;
    }
  }

  private final String topicPrefix;
  private final Map<BrokerLink, Member> members = new LinkedHashMap<>();
  private final Deque<Delivery> deliveries = new ArrayDeque<>();

  /**
   * Nobody is there yet.
   *
   * @param topicPrefix as {@link TopicPrefix#of} wants it
   */
  SharedMembers(String topicPrefix) {
    this.topicPrefix = topicPrefix;
  }

  /** A link of this client; it is closed if it is new. Returns the client's prefix. */
  TopicPrefix join(BrokerLink link, String clientId) {
    return members.computeIfAbsent(link, l -> new Member(TopicPrefix.of(topicPrefix, clientId)))
        .prefix;
  }

  /** The prefix of the client whose link this is; null unless the link is open. */
  @Nullable TopicPrefix prefixIfOpen(BrokerLink link) {
    Member member = members.get(link);
    return member == null || !member.open ? null : member.prefix;
  }

  /** The link is to be opened when the connection is there. */
  void await(BrokerLink link) {
    Member member = members.get(link);
    if (member != null) {
      member.waits = true;
    }
  }

  /** Opens the link. */
  void admit(BrokerLink link, boolean sessionPresent, BrokerLimits limits) {
    Member member = members.get(link);
    if (member != null) {
      member.open = true;
      member.waits = false;
      deliver(link, new BrokerEvent.Connected(sessionPresent, limits.withoutReceiveMaximum()));
    }
  }

  /**
   * The connection is there: opens the links that wait for it.
   *
   * @param sendAgain whether sessions of open links are told too, and send again what they have
   *     under way
   */
  void connected(boolean sessionPresent, BrokerLimits limits, boolean sendAgain) {
    members.forEach(
        (link, member) -> {
          if (member.waits || (member.open && sendAgain)) {
            admit(link, sessionPresent, limits);
          }
        });
  }

  /** The connection is gone, and no link stays open without it. */
  void lost(String why) {
    tellOpen(new BrokerEvent.Lost(why));
    members.values().forEach(member -> member.open = false);
  }

  /** Closes the link; whether it was known. */
  boolean close(BrokerLink link) {
    Member member = members.get(link);
    if (member == null) {
      return false;
    }
    member.open = false;
    member.waits = false;
    return true;
  }

  void forget(BrokerLink link) {
    members.remove(link);
  }

  /** Tells the sessions of all open links. */
  void tellOpen(BrokerEvent event) {
    members.forEach(
        (link, member) -> {
          if (member.open) {
            deliver(link, event);
          }
        });
  }

  /** Tells one session; topic names lose the client's prefix. */
  void deliver(BrokerLink link, BrokerEvent event) {
    Member member = members.get(link);
    if (member != null && event instanceof BrokerEvent.Publish publish) {
      deliveries.add(
          new Delivery(link, publish.withTopicName(member.prefix.strip(publish.topicName()))));
    } else {
      deliveries.add(new Delivery(link, event));
    }
  }

  /** The next event for a session; null when there is none. */
  @Nullable Delivery poll() {
    return deliveries.poll();
  }
}
