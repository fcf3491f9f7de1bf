package mqttsn.gateway.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * QoS 1 and 2 publishes of many sessions that are under way over one connection: found by the
 * packet identifier that the session gave, and by the one that the connection gave.
 */
final class UplinkExchanges {

  private final Map<Integer, UplinkExchange> byOurs = new HashMap<>();

  /** By the sessions' packet identifiers. */
  private final Map<BrokerLink, Map<Integer, UplinkExchange>> ofSessions = new HashMap<>();

  /** What was sent for sessions that are over; a will may be among it whose client comes back. */
  private final Map<BrokerLink, Map<Integer, UplinkExchange>> orphans = new HashMap<>();

  void join(BrokerLink session) {
    ofSessions.computeIfAbsent(
        session,
        link -> {
          Map<Integer, UplinkExchange> sent = orphans.remove(link);
          return sent == null ? new HashMap<>(2) : sent;
        });
  }

  /** The session is over; what the broker may still acknowledge stays. */
  void leave(BrokerLink session) {
    Map<Integer, UplinkExchange> underWay = ofSessions.remove(session);
    if (underWay != null) {
      orphans.put(session, underWay);
      List.copyOf(underWay.values()).stream()
          .filter(entry -> !entry.sent || entry.queued)
          .forEach(this::remove);
      orphans.remove(session, Map.of());
    }
  }

  /** Whether the session is one of those that use this connection. */
  boolean has(BrokerLink session) {
    return ofSessions.containsKey(session);
  }

  /** A publish by the packet identifier of its session, unless the session is over. */
  @Nullable UplinkExchange of(BrokerLink session, int theirs) {
    Map<Integer, UplinkExchange> underWay = ofSessions.get(session);
    return underWay == null ? null : underWay.get(theirs);
  }

  /** The publishes of a session that is not over; may be changed meanwhile. */
  List<UplinkExchange> of(BrokerLink session) {
    return List.copyOf(ofSessions.getOrDefault(session, Map.of()).values());
  }

  /** A publish by the packet identifier of the connection. */
  @Nullable UplinkExchange byOurs(int packetIdentifier) {
    return byOurs.get(packetIdentifier);
  }

  /** By the packet identifiers of the connection; may be changed meanwhile. */
  List<UplinkExchange> all() {
    return List.copyOf(byOurs.values());
  }

  /** A publish of a session begins. */
  void add(UplinkExchange entry) {
    byOurs.put(entry.ours, entry);
    Map<Integer, UplinkExchange> underWay = ofSessions.get(entry.from);
    if (underWay != null) {
      underWay.put(entry.theirs, entry);
    }
  }

  /** Nothing is left to be done for it. */
  void remove(UplinkExchange entry) {
    entry.over = true;
    byOurs.remove(entry.ours, entry);
    Map<Integer, UplinkExchange> ofSession = ofSessions.get(entry.from);
    Map<Integer, UplinkExchange> underWay = ofSession == null ? orphans.get(entry.from) : ofSession;
    if (underWay != null && underWay.remove(entry.theirs, entry)) {
      orphans.remove(entry.from, Map.of());
    }
  }
}
