package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Publishes that the durable queue of an earlier process has, while the records of their sessions
 * may not know it: those sessions send them again, under the same packet identifiers.
 */
final class RestoredExchanges {

  /** No client had more under way; those that came last count. */
  private static final int MOST_OF_A_CLIENT = 64;

  /** By ClientId: packet identifier, and what the message counts. */
  private final Map<String, Map<Integer, Integer>> byClientId = new HashMap<>();

  void add(String clientId, int packetIdentifier, int bytes) {
    Map<Integer, Integer> ofClient =
        byClientId.computeIfAbsent(clientId, c -> new LinkedHashMap<>(2));
    ofClient.put(packetIdentifier, bytes);
    if (ofClient.size() > MOST_OF_A_CLIENT) {
      ofClient.remove(ofClient.keySet().iterator().next());
    }
  }

  /** Whether the queue has what a session sends again; each is recognised once. */
  boolean recognise(String clientId, int packetIdentifier, int bytes) {
    Map<Integer, Integer> ofClient = byClientId.get(clientId);
    Integer restoredBytes = ofClient == null ? null : ofClient.remove(packetIdentifier);
    return restoredBytes != null && restoredBytes == bytes;
  }
}
