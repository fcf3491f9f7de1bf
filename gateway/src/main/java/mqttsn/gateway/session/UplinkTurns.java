package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes of many sessions that wait for room, or for their packet identifiers: in order for each
 * session, and in turn.
 */
final class UplinkTurns {

  /** By session; whose turn is next stands first. */
  private final Map<BrokerLink, Deque<UplinkExchange>> bySession = new LinkedHashMap<>();

  /** Whether anybody waits for nothing but room. */
  boolean isAnyReady() {
    for (Deque<UplinkExchange> ofSession : bySession.values()) {
      if (isReady(ofSession)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a publish of this session waits. */
  boolean has(BrokerLink from) {
    return bySession.containsKey(from);
  }

  void add(UplinkExchange exchange) {
    bySession.computeIfAbsent(exchange.from, link -> new ArrayDeque<>(1)).add(exchange);
  }

  /** Hands over what waits for nothing but room, in order for each session. */
  void ready(Consumer<Suspect> each) {
    bySession
        .values()
        .forEach(
            ofSession -> ofSession.stream().takeWhile(exchange -> !exchange.clears).forEach(each));
  }

  /** Takes the publish whose turn it is; null for none. Its session stands last from now on. */
  @Nullable UplinkExchange poll() {
    for (Iterator<Deque<UplinkExchange>> inTurn = bySession.values().iterator();
        inTurn.hasNext(); ) {
      Deque<UplinkExchange> ofSession = inTurn.next();
      if (isReady(ofSession)) {
        inTurn.remove();
        UplinkExchange first = ofSession.remove();
        if (!ofSession.isEmpty()) {
          bySession.put(first.from, ofSession);
        }
        return first;
      }
    }
    return null;
  }

  private static boolean isReady(Deque<UplinkExchange> ofSession) {
    return !ofSession.getFirst().clears;
  }

  /** A publish goes another way. */
  void remove(UplinkExchange exchange) {
    Deque<UplinkExchange> ofSession = bySession.get(exchange.from);
    if (ofSession != null) {
      boolean unused = ofSession.remove(exchange);
      if (ofSession.isEmpty()) {
        bySession.remove(exchange.from);
      }
    }
  }

  /** The session is over. */
  void forget(BrokerLink from) {
    Deque<UplinkExchange> ofSession = bySession.remove(from);
    if (ofSession != null) {
      ofSession.forEach(exchange -> exchange.waits = false);
    }
  }

  void clear() {
    bySession.clear();
  }
}
