package mqttsn.forwarder.core;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Which gateway is in use. Gateways are configured, or found as clients find them (§6.1). The one
 * in use stays until it falls silent: when nothing is heard from it for a third of the allowed
 * silence, SEARCHGW asks for a sign of life, and again after two thirds; nodes that publish with
 * QoS 0 or -1 get no answer that would show that it is there.
 */
final class GatewayChoice {

  /** How many gateways are remembered at the same time; beyond that newcomers are dropped. */
  static final int MAX_GATEWAYS = 16;

  /** N_ADV (§7.2): ADVERTISE messages that may be missing before a gateway is taken for gone. */
  static final int N_ADV = 3;

  /**
   * How long a gateway is remembered that answered SEARCHGW, which tells no interval: T_ADV, N_ADV
   * times.
   */
  static final long GWINFO_NANOS = N_ADV * 900_000_000_000L;

  /** Intervals of SEARCHGW double (§6.1) from the first to the last of these. */
  private static final long FIRST_SEARCH_INTERVAL_NANOS = 1_000_000_000L;

  private static final long LAST_SEARCH_INTERVAL_NANOS = 60_000_000_000L;

  /** Parts of the allowed silence; at the end of each but the last, the gateway is asked. */
  private static final int PROBES = 3;

  private static final int PROBE_RADIUS = 1;
  private static final Datagram SEARCHGW_NEAR = searchGw(PROBE_RADIUS);
  private static final Datagram SEARCHGW_EVERYWHERE = searchGw(0);

  private final boolean discovers;
  private final long silenceNanos;

  /** Known gateways and, where they were found, when to forget them; in the order of preference. */
  private final Map<InetSocketAddress, Long> gateways = new LinkedHashMap<>();

  private @Nullable InetSocketAddress inUse;
  private boolean answers;
  private long heardAt;
  private int probes;
  private long probeAt = Forwarder.NEVER;
  private long searchAt;
  private long searchIntervalNanos = FIRST_SEARCH_INTERVAL_NANOS;

  private GatewayChoice(boolean discovers, long silenceNanos, long searchAt) {
    this.discovers = discovers;
    this.silenceNanos = silenceNanos;
    this.searchAt = searchAt;
  }

  /** Gateways that {@link #configured} names. */
  static GatewayChoice fixed(long silenceNanos) {
    return new GatewayChoice(false, silenceNanos, Forwarder.NEVER);
  }

  /**
   * Gateways that are found by ADVERTISE and SEARCHGW.
   *
   * @param searchAt when to send the first SEARCHGW if no ADVERTISE is heard before, a random time
   *     from now on up to T_SEARCHGW
   */
  static GatewayChoice discovering(long silenceNanos, long searchAt) {
    return new GatewayChoice(true, silenceNanos, searchAt);
  }

  @Nullable InetSocketAddress inUse() {
    return inUse;
  }

  /** Whether there is a gateway, and it has not fallen silent. */
  boolean answers() {
    return answers;
  }

  /** The addresses of the configured gateways, now or after their names resolved anew. */
  List<Action> configured(List<InetSocketAddress> addresses, long now) {
    gateways.clear();
    addresses.forEach(address -> gateways.put(address, Forwarder.NEVER));
    return inUse != null && gateways.containsKey(inUse) ? List.of() : use(first(), now);
  }

  /** Notes a sign of life. */
  void heard(InetSocketAddress gateway, long now) {
    if (gateway.equals(inUse)) {
      answers = true;
      heardAt = now;
      probes = 0;
    }
  }

  /** A gateway made itself known, and is to be remembered for a time. */
  List<Action> found(InetSocketAddress gateway, long forNanos, long now) {
    boolean isKnown = gateways.containsKey(gateway);
    if (!discovers && !isKnown) {
      return List.of(Drop.NOT_OUR_GATEWAY);
    }
    if (discovers) {
      forgetGatewaysGone(now);
      if (!isKnown && gateways.size() >= MAX_GATEWAYS) {
        return List.of(Drop.TOO_MANY_GATEWAYS);
      }
      gateways.put(gateway, now + forNanos);
    }
    List<Action> actions = inUse == null ? use(gateway, now) : List.of();
    heard(gateway, now);
    return actions;
  }

  /** A node is searching: no reason to wait for the next interval if no gateway is known. */
  void searchSoon(long now) {
    if (discovers && inUse == null) {
      searchAt = Math.min(searchAt, now + FIRST_SEARCH_INTERVAL_NANOS);
    }
  }

  long deadline() {
    return inUse == null ? searchAt : probeAt;
  }

  List<Action> timeout(long now) {
    if (now < deadline()) {
      return List.of();
    }
    InetSocketAddress gateway = inUse;
    if (gateway == null) {
      return search(now);
    }
    if (now < heardAt + silenceNanos / PROBES) {
      probeAt = heardAt + silenceNanos / PROBES;
      return List.of();
    }
    if (++probes == PROBES) {
      return moveOn(gateway, now);
    }
    probeAt = now + silenceNanos / PROBES;
    // Some gateways answer SEARCHGW in their group only.
    return discovers
        ? List.of(probe(gateway), new Action.ToGateways(SEARCHGW_EVERYWHERE))
        : List.of(probe(gateway));
  }

  private List<Action> search(long now) {
    searchAt = now + searchIntervalNanos;
    searchIntervalNanos = Math.min(2 * searchIntervalNanos, LAST_SEARCH_INTERVAL_NANOS);
    return List.of(new Action.ToGateways(SEARCHGW_EVERYWHERE));
  }

  /**
   * The silent gateway goes to the end of the list, or out of it if it was found, not configured.
   */
  private List<Action> moveOn(InetSocketAddress silent, long now) {
    gateways.remove(silent);
    if (discovers) {
      forgetGatewaysGone(now);
    } else {
      gateways.put(silent, Forwarder.NEVER);
    }
    return use(first(), now);
  }

  private void forgetGatewaysGone(long now) {
    gateways.values().removeIf(forgetAt -> forgetAt <= now);
  }

  private @Nullable InetSocketAddress first() {
    Iterator<InetSocketAddress> addresses = gateways.keySet().iterator();
    return addresses.hasNext() ? addresses.next() : null;
  }

  private List<Action> use(@Nullable InetSocketAddress gateway, long now) {
    List<Action> actions = new ArrayList<>();
    if (!Objects.equals(gateway, inUse)) {
      actions.add(new Action.GatewayChanged(inUse, gateway));
    }
    inUse = gateway;
    answers = false;
    heardAt = now;
    probes = 0;
    if (gateway != null) {
      probeAt = now + silenceNanos / PROBES;
      actions.add(probe(gateway));
    } else if (discovers) {
      searchAt = now;
      searchIntervalNanos = FIRST_SEARCH_INTERVAL_NANOS;
    }
    return actions;
  }

  private static Action probe(InetSocketAddress gateway) {
    return new Action.ToGateway(gateway, SEARCHGW_NEAR);
  }

  private static Datagram searchGw(int radius) {
    return Datagram.bare(Octets.of((byte) 3, (byte) 1, (byte) radius));
  }
}
