package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import mqttsn.gateway.session.SharedUplink.Entry;
import org.jspecify.annotations.Nullable;

/** Publishes of many sessions that wait for room: in order for each session, and in turn. */
final class UplinkTurns {

  /** What is to be sent for an exchange. */
  record Waiting(Entry exchange, BrokerCommand.Publish publish) {}

  /** By session; whose turn is next stands first. */
  private final Map<BrokerLink, Deque<Waiting>> bySession = new LinkedHashMap<>();

  /** Whether nobody waits. */
  boolean isEmpty() {
    return bySession.isEmpty();
  }

  /** Whether a publish of this session waits. */
  boolean has(BrokerLink from) {
    return bySession.containsKey(from);
  }

  void add(Entry exchange, BrokerCommand.Publish publish) {
    bySession
        .computeIfAbsent(exchange.from, link -> new ArrayDeque<>(1))
        .add(new Waiting(exchange, publish));
  }

  /** Takes the publish whose turn it is; null for none. Its session stands last from now on. */
  @Nullable Waiting poll() {
    Iterator<Deque<Waiting>> inTurn = bySession.values().iterator();
    if (!inTurn.hasNext()) {
      return null;
    }
    Deque<Waiting> ofSession = inTurn.next();
    inTurn.remove();
    Waiting first = ofSession.remove();
    if (!ofSession.isEmpty()) {
      bySession.put(first.exchange().from, ofSession);
    }
    return first;
  }

  /** A publish goes another way. */
  void remove(Entry exchange) {
    Deque<Waiting> ofSession = bySession.get(exchange.from);
    if (ofSession != null) {
      ofSession.removeIf(waiting -> waiting.exchange().equals(exchange));
      if (ofSession.isEmpty()) {
        bySession.remove(exchange.from);
      }
    }
  }

  /** The session is over. */
  void forget(BrokerLink from) {
    bySession.remove(from);
  }

  void clear() {
    bySession.clear();
  }
}
