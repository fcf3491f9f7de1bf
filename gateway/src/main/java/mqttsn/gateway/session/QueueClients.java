package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has messages in the durable queue: a small number for each ClientId as long as it has any,
 * and how many.
 */
final class QueueClients {

  /** A ClientId that has nothing in the queue. */
  static final int NONE = -1;

  private final Map<String, Integer> byClientId = new HashMap<>();
  private final List<String> clientIds = new ArrayList<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private int[] messages = new int[16];
  private int[] waiting = new int[16];

  /** The number of a client; {@link #NONE} if it has no message in the queue. */
  int of(String clientId) {
    return byClientId.isEmpty() ? NONE : byClientId.getOrDefault(clientId, NONE);
  }

  /** The ClientId of a client that has a message in the queue. */
  String clientId(int client) {
    return clientIds.get(client);
  }

  /** Whether a message of the client waits to be sent. */
  boolean waits(int client) {
    return client != NONE && waiting[client] > 0;
  }

  /** A message of this client is in the queue from now on. */
  int enter(String clientId) {
    int client = of(clientId);
    if (client == NONE) {
      client = free.isEmpty() ? clientIds.size() : free.pop();
      if (client == clientIds.size()) {
        clientIds.add(clientId);
      } else {
        clientIds.set(client, clientId);
      }
      if (client == messages.length) {
        messages = Arrays.copyOf(messages, 2 * client);
        waiting = Arrays.copyOf(waiting, 2 * client);
      }
      byClientId.put(clientId, client);
    }
    messages[client]++;
    return client;
  }

  /** A message of this client has left the queue. */
  void leave(int client) {
    messages[client]--;
    if (messages[client] == 0) {
      byClientId.remove(clientIds.get(client));
      clientIds.set(client, "");
      free.push(client);
    }
  }

  /** One more message of this client waits to be sent. */
  void beginWaiting(int client) {
    waiting[client]++;
  }

  /** One message less of this client waits. */
  void endWaiting(int client) {
    waiting[client]--;
  }
}
