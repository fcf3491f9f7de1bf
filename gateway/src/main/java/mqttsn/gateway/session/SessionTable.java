package mqttsn.gateway.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All sessions of a gateway: found by ClientId, address or link, and called when they are due. */
final class SessionTable {

  private final Shared shared;
  private final Admission admission;
  private final Aggregation aggregation;
  private final BrokerRoute ownConnections;
  private final Deadlines deadlines = new Deadlines();
  private final Map<String, Deadlines.Slot> byClientId = new HashMap<>();
  private final Map<ClientAddress, Deadlines.Slot> byAddress = new HashMap<>();
  private final Map<BrokerLink, Deadlines.Slot> byLink = new HashMap<>();
  private final Map<String, Deadlines.Slot> changed = new LinkedHashMap<>();
  private long lastLink;

  SessionTable(Shared shared, Admission admission, Aggregation aggregation) {
    this.shared = shared;
    this.admission = admission;
    this.aggregation = aggregation;
    this.ownConnections = new OwnConnections(shared.out);
  }

  int size() {
    return byClientId.size();
  }

  Collection<Deadlines.Slot> all() {
    return byClientId.values();
  }

  Deadlines.@Nullable Slot ofClient(String clientId) {
    return byClientId.get(clientId);
  }

  /** The session whose client is to be reached at this address. */
  Deadlines.@Nullable Slot at(ClientAddress address) {
    return byAddress.get(address);
  }

  Deadlines.@Nullable Slot ofLink(BrokerLink link) {
    return byLink.get(link);
  }

  /** A new session; {@link #settle} decides whether it stays. */
  Deadlines.Slot add(ClientAddress from, String clientId, long now) {
    BrokerLink link = new BrokerLink(++lastLink);
    Session session = new Session(clientId, from, link, routeOf(clientId), shared, now);
    Deadlines.Slot slot = new Deadlines.Slot(session);
    byClientId.put(clientId, slot);
    byLink.put(link, slot);
    return slot;
  }

  /** The client is at another address from now on (SI-11). */
  void move(Deadlines.Slot slot, ClientAddress to) {
    if (!slot.session.address().equals(to)) {
      vacate(slot);
      slot.session.moveTo(to);
    }
  }

  /** Nobody is at the session's address any more. */
  void vacate(Deadlines.Slot slot) {
    slot.occupied = null;
    if (byAddress.remove(slot.session.address(), slot)) {
      admission.vacated(slot.session.address());
    }
  }

  /** What follows from where a session stands after an input. */
  void settle(Deadlines.Slot slot, long now) {
    Session session = slot.session;
    if (shared.settings.sessions().survive()) {
      changed.put(session.clientId(), slot);
      if (session.pollChangedForGood()) {
        shared.out.addFirst(new Action.Persist(session.record(now)));
      }
    }
    if (session.isReachable()) {
      occupy(slot);
    } else {
      vacate(slot);
    }
    if (session.isOver()) {
      session.forget(now);
      byClientId.remove(session.clientId());
      byLink.remove(session.link());
      routeOf(session.clientId()).forget(session.link());
      deadlines.forget(slot);
    } else {
      deadlines.watch(slot);
    }
  }

  /** As {@link #settle}, for a session that is as it was written down, unless it is over. */
  void settleRestored(Deadlines.Slot slot, long now) {
    settle(slot, now);
    if (!slot.session.isOver()) {
      changed.remove(slot.session.clientId());
    }
  }

  /** Whoever was at the session's address is reached there no more. */
  @SuppressWarnings(
      "ReferenceEquality") // An equal address of another object is only entered again.
  private void occupy(Deadlines.Slot slot) {
    ClientAddress address = slot.session.address();
    if (slot.occupied == address) {
      return;
    }
    Deadlines.Slot before = byAddress.put(address, slot);
    if (before != null) {
      before.occupied = null;
    }
    slot.occupied = address;
    if (before == null) {
      admission.occupied(address);
    }
  }

  /** Calls the sessions that are due. */
  void timeout(long now) {
    for (Deadlines.Slot slot = deadlines.pollDue(now);
        slot != null;
        slot = deadlines.pollDue(now)) {
      slot.session.timeout(now);
      settle(slot, now);
    }
  }

  /** When a session is due; {@link Time#NEVER} if none is. */
  long deadline() {
    return deadlines.next();
  }

  /** What the session knows has to be written down. */
  void changed(Deadlines.Slot slot) {
    changed.put(slot.session.clientId(), slot);
  }

  /** As {@link Gateway#takeChanged}. */
  Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
    Map<String, Optional<SessionRecord>> taken = new LinkedHashMap<>();
    Iterator<Map.Entry<String, Deadlines.Slot>> oldestFirst = changed.entrySet().iterator();
    while (oldestFirst.hasNext() && taken.size() < most) {
      Map.Entry<String, Deadlines.Slot> entry = oldestFirst.next();
      Session session = entry.getValue().session;
      boolean lives = byClientId.get(entry.getKey()) == entry.getValue();
      taken.put(
          entry.getKey(),
          lives && session.isWorthKeeping() ? Optional.of(session.record(now)) : Optional.empty());
      oldestFirst.remove();
    }
    return taken;
  }

  private BrokerRoute routeOf(String clientId) {
    SharedConnection connection = aggregation.connectionOf(clientId);
    return connection == null ? ownConnections : connection;
  }
}
