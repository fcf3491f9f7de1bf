package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shared connections of an aggregating gateway, and which clients use them (§4.2, §4.3). */
final class Aggregation {

  private final Settings.Aggregating settings;
  private final List<SharedConnection> connections = new ArrayList<>();

  /** What all connections queue; null without a durable queue. */
  private final @Nullable MessageQueue queue;

  /** The time of the present input. */
  private long now;

  /** The first connection is the gateway's own link too. */
  Aggregation(Settings all, Outbox out, long now) {
    settings = all.aggregating();
    this.now = now;
    queue =
        all.queue().isOn() && settings.connections() > 0
            ? new MessageQueue(all.queue(), out, now)
            : null;
    long expirySeconds = Math.max(1, all.sessions().expiryNanos() / Time.SECOND);
    for (int i = 0; i < settings.connections(); i++) {
      BrokerLink link = i == 0 ? BrokerLink.GATEWAY : new BrokerLink(-i);
      String clientId = i == 0 ? all.name() : all.name() + "-" + (i + 1);
      connections.add(
          new SharedConnection(
              link, clientId, expirySeconds, settings, queue, () -> this.now, out));
    }
  }

  void start() {
    connections.forEach(SharedConnection::start);
  }

  void stop(Action.Farewell farewell) {
    // The broker is to recognise what the next process sends again.
    boolean isExpectedBack = queue != null && !queue.isEmpty();
    Action.Farewell last = isExpectedBack ? Action.Farewell.KEEP_SESSION : farewell;
    connections.forEach(connection -> connection.stop(last));
  }

  /** An input begins. */
  void at(long inputNanos) {
    now = inputNanos;
    if (queue != null) {
      queue.at(inputNanos);
    }
  }

  // --- the durable queue

  /** Other settings for the durable queue; all others keep. */
  void reconfigure(Settings.Queue newSettings) {
    if (queue != null) {
      queue.reconfigure(newSettings);
    }
  }

  /** An input ends: what can go now goes. Returns whether sessions may have been told something. */
  boolean settle() {
    connections.forEach(SharedConnection::settle);
    return !connections.isEmpty();
  }

  /** As {@link Gateway#restoreQueue}. */
  void restoreQueue(Iterable<QueuedMessage.Summary> messages, long lastNumber) {
    if (queue != null) {
      queue.goOnBehind(lastNumber);
    }
    for (QueuedMessage.Summary message : messages) {
      SharedConnection connection = connectionOf(message.clientId());
      // Who shares a connection may be configured differently now.
      (connection == null ? connections.get(0) : connection).restore(message);
    }
  }

  /** As {@link Gateway#fromQueue}. */
  void fromQueue(List<QueueEvent> events) {
    if (queue != null) {
      events.forEach(queue::fromDisk);
    }
  }

  QueueView queue() {
    return queue == null ? QueueView.EMPTY : queue.view();
  }

  /** QoS -1: whether the durable queue has dealt with it. */
  boolean takesConnectionless(BrokerCommand.Publish publish) {
    return queue != null && connections.get(0).takesUnacknowledged(publish);
  }

  void timeout() {
    if (queue != null) {
      queue.dropOverAge();
      connections.forEach(SharedConnection::timeout);
    }
  }

  /** When {@link #timeout} is due; {@link Time#NEVER} if nothing waits. */
  long deadline() {
    long next = queue == null ? Time.NEVER : queue.deadline();
    for (SharedConnection connection : connections) {
      next = Math.min(next, connection.deadline());
    }
    return next;
  }

  /** The connection for a client; null when it gets one of its own. */
  @Nullable SharedConnection connectionOf(String clientId) {
    return !connections.isEmpty() && isAggregated(clientId)
        ? connections.get(Math.floorMod(clientId.hashCode(), connections.size()))
        : null;
  }

  @Nullable SharedConnection connection(BrokerLink link) {
    for (SharedConnection connection : connections) {
      if (connection.link().equals(link)) {
        return connection;
      }
    }
    return null;
  }

  /** The next event for a session; null when there is none. */
  SharedMembers.@Nullable Delivery poll() {
    for (SharedConnection connection : connections) {
      SharedMembers.Delivery delivery = connection.poll();
      if (delivery != null) {
        return delivery;
      }
    }
    return null;
  }

  /** The highest sequence number of a publish; 0 where nobody shares. */
  long highestSequence() {
    return connections.stream().mapToLong(SharedConnection::highestSequence).max().orElse(0);
  }

  /** Whether every client has a connection of its own. */
  boolean isEmpty() {
    return connections.isEmpty();
  }

  private boolean isAggregated(String clientId) {
    for (String pattern : settings.clients()) {
      boolean matches =
          pattern.endsWith("*")
              ? clientId.startsWith(pattern.substring(0, pattern.length() - 1))
              : clientId.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return settings.clients().isEmpty();
  }
}
