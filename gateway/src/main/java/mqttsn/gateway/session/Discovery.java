package mqttsn.gateway.session;

import java.util.LinkedHashMap;
import java.util.Map;
import mqttsn.codec.Advertise;
import mqttsn.codec.GwInfo;
import mqttsn.codec.Octets;
import mqttsn.codec.SearchGw;

/**
 * Gateway advertisement and discovery (§6.1).
 *
 * <p>ADVERTISE leaves at its interval while the broker is reachable, and only then. A stand-by
 * gateway advertises while the active one is silent (SI-40).
 */
final class Discovery {

  /** N_ADV: so many missed ADVERTISE make a gateway silent (§7.2). */
  private static final int MISSED_ADVERTISE = 2;

  /**
   * So many SEARCHGW a second are answered to the groups too: one answer serves everybody, and a
   * search with a false sender address must not become a flood (SI-16).
   */
  private static final int GROUP_ANSWERS_PER_SECOND = 10;

  private static final int WHOLE_NETWORK = 0;
  private static final int MAX_KNOWN_FORWARDERS = 1_000;

  private final Outbox out;
  private final RateLimit groupAnswers;
  private Settings settings;
  private boolean brokerReachable;
  private long nextAdvertise = Time.NEVER;
  private long activeIntervalNanos;
  private long activeSilentAt;

  /** The forwarders that were heard, the latest last; the value is where to send to. */
  private final Map<ClientAddress, ClientAddress> forwarders =
      new LinkedHashMap<>(0, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientAddress, ClientAddress> eldest) {
          return size() > MAX_KNOWN_FORWARDERS;
        }
      };

  Discovery(Outbox out, Settings settings, long now) {
    this.out = out;
    this.settings = settings;
    this.groupAnswers = new RateLimit(GROUP_ANSWERS_PER_SECOND, now);
    this.activeIntervalNanos = settings.discovery().advertiseIntervalNanos();
    this.activeSilentAt = silentAfter(now, activeIntervalNanos);
  }

  void reconfigure(Settings newSettings, long now) {
    settings = newSettings;
    if (nextAdvertise != Time.NEVER) {
      nextAdvertise = Math.min(nextAdvertise, interval(now));
    }
  }

  long deadline() {
    return nextAdvertise;
  }

  void brokerReachable(boolean reachable, long now) {
    if (reachable && !brokerReachable) {
      nextAdvertise = now;
    } else if (!reachable) {
      nextAdvertise = Time.NEVER;
    }
    brokerReachable = reachable;
  }

  void timeout(long now) {
    if (now < nextAdvertise) {
      return;
    }
    if (isStandby() && now < activeSilentAt) {
      nextAdvertise = activeSilentAt;
      return;
    }
    nextAdvertise = interval(now);
    long seconds = settings.discovery().advertiseIntervalNanos() / Time.SECOND;
    Advertise advertise =
        new Advertise(settings.gwId(), (int) Math.min(0xFFFF, Math.max(1, seconds)));
    out.add(new Action.Broadcast(advertise, WHOLE_NETWORK));
    for (ClientAddress forwarder : forwarders.keySet()) {
      out.add(new Action.BroadcastVia(forwarder, advertise, WHOLE_NETWORK));
    }
  }

  /** SEARCHGW: answered at once, to the asker and to everybody within its radius. */
  void searchGw(ClientAddress from, SearchGw search, long now) {
    GwInfo answer = new GwInfo(settings.gwId(), Octets.EMPTY);
    if (from.isForwarded()) {
      out.add(new Action.BroadcastVia(from, answer, search.radius()));
    } else {
      // SI-16: clients that did not join the group get their answer too.
      out.add(new Action.Send(from, answer));
      if (groupAnswers.admit(now)) {
        out.add(new Action.Broadcast(answer, search.radius()));
      }
    }
  }

  /** ADVERTISE of another gateway. */
  void advertise(Advertise advertise, long now) {
    if (isStandby() && advertise.gwId() == settings.discovery().standbyFor()) {
      activeIntervalNanos = advertise.durationSeconds() * Time.SECOND;
      heardActive(now);
    }
  }

  /** GWINFO of another gateway; one that a client sent has the gateway's address in it. */
  void gwInfo(GwInfo info, long now) {
    if (isStandby() && info.gwId() == settings.discovery().standbyFor() && info.gwAdd().isEmpty()) {
      heardActive(now);
    }
  }

  /** A datagram came through a forwarder: ADVERTISE reaches the network behind it too (SI-36). */
  void heardThrough(ClientAddress node) {
    ClientAddress everybody = new ClientAddress(node.listener(), node.socket(), Octets.EMPTY);
    forwarders.put(everybody, everybody);
  }

  private boolean isStandby() {
    return settings.discovery().standbyFor() != Settings.Discovery.ACTIVE;
  }

  private void heardActive(long now) {
    activeSilentAt = silentAfter(now, activeIntervalNanos);
    if (nextAdvertise != Time.NEVER) {
      nextAdvertise = activeSilentAt;
    }
  }

  private long interval(long now) {
    return Time.after(now, settings.discovery().advertiseIntervalNanos());
  }

  private static long silentAfter(long now, long intervalNanos) {
    return Time.after(now, MISSED_ADVERTISE * intervalNanos + intervalNanos / 10);
  }
}
