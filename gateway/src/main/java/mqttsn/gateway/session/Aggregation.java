package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shared connections of an aggregating gateway, and which clients use them (§4.2, §4.3). */
final class Aggregation {

  private final Settings.Aggregating settings;
  private final List<SharedConnection> connections = new ArrayList<>();

  /** The first connection is the gateway's own link too. */
  Aggregation(Settings all, Outbox out) {
    settings = all.aggregating();
    long expirySeconds = Math.max(1, all.sessions().expiryNanos() / Time.SECOND);
    for (int i = 0; i < settings.connections(); i++) {
      BrokerLink link = i == 0 ? BrokerLink.GATEWAY : new BrokerLink(-i);
      String clientId = i == 0 ? all.name() : all.name() + "-" + (i + 1);
      connections.add(new SharedConnection(link, clientId, expirySeconds, settings, out));
    }
  }

  void start() {
    connections.forEach(SharedConnection::start);
  }

  void stop(Action.Farewell farewell) {
    connections.forEach(connection -> connection.stop(farewell));
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
  SharedConnection.@Nullable Delivery poll() {
    for (SharedConnection connection : connections) {
      SharedConnection.Delivery delivery = connection.poll();
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
