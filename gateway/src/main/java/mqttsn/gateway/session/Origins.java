package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.Map;

/**
 * The clients whose publishes go over one shared connection, and how many they have sent: what an
 * application is told of each publish.
 */
final class Origins {

  private static final BrokerCommand.Origin UNKNOWN = new BrokerCommand.Origin("", 0);

  private static final class Client {
    final String clientId;
    long sequence;

    Client(String clientId, long sequence) {
      this.clientId = clientId;
      this.sequence = sequence;
    }
  }

  private final Map<BrokerLink, Client> clients = new HashMap<>();

  /** The highest sequence number of all; a client that comes (back) starts above it. */
  private long highestSequence;

  Origins(long firstSequence) {
    highestSequence = firstSequence;
  }

  /** The highest sequence number of a publish so far. */
  long highestSequence() {
    return highestSequence;
  }

  void join(BrokerLink from, String clientId) {
    clients.computeIfAbsent(from, link -> new Client(clientId, highestSequence));
  }

  void forget(BrokerLink from) {
    clients.remove(from);
  }

  /** The client of a link; empty when the link is not known. */
  String clientIdOf(BrokerLink from) {
    Client client = clients.get(from);
    return client == null ? "" : client.clientId;
  }

  /** Where a publish comes from; its sequence number is its own from now on. */
  BrokerCommand.Origin of(UplinkExchange entry) {
    BrokerCommand.Origin origin = entry.origin;
    if (origin == null) {
      origin = next(entry.from);
      entry.origin = origin;
    }
    return origin;
  }

  /** The origin of the client's next publish; without a name when the link is not known. */
  BrokerCommand.Origin next(BrokerLink from) {
    Client client = clients.get(from);
    if (client == null) {
      return UNKNOWN;
    }
    client.sequence++;
    highestSequence = Math.max(highestSequence, client.sequence);
    return new BrokerCommand.Origin(client.clientId, client.sequence);
  }
}
