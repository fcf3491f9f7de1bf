package mqttsn.gateway.broker.quic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mqttsn.gateway.broker.quic.PathAction.ExchangeSocket;
import mqttsn.gateway.broker.quic.PathAction.GiveUp;
import mqttsn.gateway.broker.quic.PathAction.Ping;
import mqttsn.gateway.broker.quic.PathAction.Probe;
import mqttsn.gateway.broker.quic.PathAction.Replay;
import mqttsn.gateway.broker.quic.PathAction.Report;
import mqttsn.gateway.broker.quic.PathAction.RestartHandshake;
import mqttsn.gateway.config.QuicSettings;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one QUIC connection, when to change the path to the broker and when to give it up.
 *
 * <p>No I/O and no clock: every call brings the time, as monotonic nanoseconds, and answers what to
 * do. All that happens between two datagrams happens in {@link #tick}, which wants to be called a
 * few times a second; {@link #sent}, {@link #written} and {@link #received} only take notes.
 *
 * <p>The life of a connection is: handshake, then healthy and {@link Trouble} in turn. Trouble
 * begins with a change of the path or with silence, and ends with the first datagram that comes
 * back. In trouble the last datagrams are replayed every {@value #REPLAY_MILLIS} ms, the socket is
 * exchanged a few times, and then a handshake is tried beside: it fails when the network is dead
 * (waiting is all one can do) and succeeds when the broker cannot follow us (give up). Without any
 * way to the broker nothing is done until there is one.
 */
final class PathPolicy {

  private static final long REPLAY_MILLIS = 500;
  private static final long REPLAY_NANOS = Duration.ofMillis(REPLAY_MILLIS).toNanos();

  /** How often a better interface, left because nothing came back, is tried again. */
  private static final long PREFERRED_PROBE_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int HANDSHAKE_RESTARTS = 3;

  /** Stall times that the stream may stay silent after a PINGREQ while datagrams do arrive. */
  private static final int STREAM_STALLS = 4;

  /** "Not at all", where a time is expected. */
  private static final long NEVER = Long.MIN_VALUE;

  private final long stallNanos;
  private final long keepAliveNanos;
  private final int exchanges;

  private List<Uplink> available;
  private Uplink current;
  private boolean established;
  private int restarts;
  private boolean heardAnything;

  private @Nullable Trouble trouble;
  private boolean probing;
  private long nextPreferredProbe;

  private long lastSent;
  private long sendFailedSince = NEVER;
  private long unansweredSince = NEVER;
  private long unansweredWriteSince = NEVER;
  private int sentSinceReceived;
  private long unreadSince = NEVER;
  private long pingedSince = NEVER;
  private boolean nudged;

  /** Lasts from a change of the path, or from silence, to the next datagram received. */
  private static final class Trouble {
    final Uplink from;
    final ChangeReason why;
    final long since;
    int exchangesLeft;
    long nextExchange;
    long nextReplay;
    long nextProbe;
    long verdict = NEVER;

    Trouble(Uplink from, ChangeReason why, long since) {
      this.from = from;
      this.why = why;
      this.since = since;
      this.nextProbe = since;
    }
  }

  /**
   * @param available the ways to the broker, the preferred one first; the connection starts on it
   * @throws IllegalArgumentException if there is none
   */
  PathPolicy(QuicSettings settings, List<Uplink> available, long now) {
    if (available.isEmpty()) {
      throw new IllegalArgumentException("a connection needs at least one way to start with");
    }
    this.stallNanos = settings.stallTime().toNanos();
    this.keepAliveNanos = settings.keepAlive().toNanos();
    this.exchanges = settings.exchanges();
    this.available = available;
    this.current = available.get(0);
    this.lastSent = now;
    this.nextPreferredProbe = now + PREFERRED_PROBE_NANOS;
  }

  Uplink current() {
    return current;
  }

  void handshakeDone() {
    established = true;
  }

  /** A datagram left for the broker. */
  void sent(long now) {
    lastSent = now;
    if (sentSinceReceived++ == 0) {
      unansweredSince = now;
    }
  }

  /** Octets were written to the stream: the broker must at least acknowledge them. */
  void written(long now) {
    if (unansweredWriteSince == NEVER) {
      unansweredWriteSince = now;
    }
    if (unreadSince == NEVER) {
      unreadSince = now;
    }
  }

  /** Octets came out of the stream. */
  void read() {
    unreadSince = NEVER;
    pingedSince = NEVER;
    nudged = false;
  }

  /** The kernel refused a datagram. */
  void sendFailed(long now) {
    if (sendFailedSince == NEVER) {
      sendFailedSince = now;
    }
  }

  /** A datagram came from the broker over the current socket. */
  List<PathAction> received(long now) {
    heardAnything = true;
    sentSinceReceived = 0;
    unansweredSince = NEVER;
    unansweredWriteSince = NEVER;
    sendFailedSince = NEVER;
    Trouble over = trouble;
    if (over == null) {
      return List.of();
    }
    trouble = null;
    if (pingedSince != NEVER) {
      pingedSince = now;
    }
    nextPreferredProbe = now + PREFERRED_PROBE_NANOS;
    Duration gap = Duration.ofNanos(now - over.since);
    return List.of(new Report(new PathEvent.Recovered(over.from, current, over.why, gap)));
  }

  /** What the route watcher sees now; most calls change nothing. */
  List<PathAction> uplinks(List<Uplink> seen, long now) {
    if (seen.equals(available)) {
      return List.of();
    }
    List<Uplink> before = available;
    available = List.copyOf(seen);
    if (seen.isEmpty()) {
      return List.of(new Report(new PathEvent.RouteLost(current)));
    }
    Uplink best = seen.get(0);
    if (before.isEmpty()) {
      return changeTo(best, ChangeReason.ROUTE_RETURNED, now);
    }
    if (!seen.contains(current) || !before.contains(best)) {
      return best.equals(current) ? List.of() : changeTo(best, ChangeReason.ROUTE_CHANGED, now);
    }
    return List.of();
  }

  /** The handshake of a {@link Probe} has ended. */
  List<PathAction> probeDone(boolean answered, long now) {
    probing = false;
    Trouble in = trouble;
    if (in == null) {
      boolean better = answered && !available.isEmpty() && !available.get(0).equals(current);
      return better ? changeTo(available.get(0), ChangeReason.PREFERRED_WORKS, now) : List.of();
    }
    if (answered) {
      in.verdict = now + stallNanos;
      return List.of(new Replay(), ping(now));
    }
    in.nextProbe = now + stallNanos;
    in.exchangesLeft = 1;
    in.nextExchange = now;
    return List.of();
  }

  /** Time has passed. */
  List<PathAction> tick(long now) {
    if (available.isEmpty()) {
      return List.of();
    }
    if (!established) {
      // A NAT may have changed its mapping: no broker follows that before the handshake is over.
      // One
      // that was never heard gets a second chance only.
      boolean mayRestart = heardAnything || restarts == 0;
      return mayRestart && due(unansweredSince, stallNanos, now)
          ? restartHandshake(current)
          : List.of();
    }
    Trouble in = trouble;
    return in == null ? whileHealthy(now) : whileInTrouble(in, now);
  }

  private List<PathAction> whileHealthy(long now) {
    if (sendFailedSince != NEVER) {
      return changeTo(current, ChangeReason.SEND_FAILED, now);
    }
    if (due(unansweredWriteSince, stallNanos, now)) {
      return changeTo(next(), ChangeReason.NO_ANSWER, now);
    }
    // A single datagram may be a bare acknowledgement, which nobody answers; more of them are
    // retransmissions. The ping makes sure that an answer is due.
    boolean suspicious = sentSinceReceived > 1 && unansweredWriteSince == NEVER;
    if (suspicious && due(unansweredSince, stallNanos / 2, now)) {
      unansweredWriteSince = unansweredSince;
      return List.of(ping(now));
    }
    // Some brokers acknowledge what comes over a new path and forget what they had sent on the old
    // one.
    if (due(pingedSince, STREAM_STALLS * stallNanos, now)) {
      return giveUp(now - pingedSince);
    }
    boolean streamSilent = due(unreadSince, STREAM_STALLS * stallNanos, now);
    if (pingedSince == NEVER && (streamSilent || now - lastSent >= keepAliveNanos)) {
      return List.of(ping(now));
    }
    // What the broker sent may have gone to an address that a NAT has taken from us. Whatever we
    // send shows it the new one.
    if (!nudged && due(unreadSince, stallNanos, now)) {
      nudged = true;
      return List.of(new Ping());
    }
    if (!probing && !current.equals(available.get(0)) && now - nextPreferredProbe >= 0) {
      nextPreferredProbe = now + PREFERRED_PROBE_NANOS;
      probing = true;
      return List.of(new Probe(available.get(0)));
    }
    return List.of();
  }

  private List<PathAction> whileInTrouble(Trouble in, long now) {
    List<PathAction> actions = new ArrayList<>();
    if (in.verdict != NEVER && now - in.verdict >= 0) {
      return giveUp(now - in.since);
    }
    if (in.exchangesLeft > 0 && now - in.nextExchange >= 0) {
      Uplink to = next();
      actions.add(new Report(new PathEvent.Changed(current, to, ChangeReason.NO_ANSWER)));
      exchange(in, to, now, actions);
    } else if (now - in.nextReplay >= 0) {
      replay(in, now, actions);
    }
    boolean exhausted = in.exchangesLeft == 0 && now - in.nextExchange >= 0;
    if (exhausted && !probing && in.verdict == NEVER && now - in.nextProbe >= 0) {
      probing = true;
      actions.add(new Probe(current));
    }
    return actions;
  }

  /** Begins trouble, or begins it anew on another way. */
  private List<PathAction> changeTo(Uplink to, ChangeReason why, long now) {
    if (!established) {
      return restartHandshake(to);
    }
    Uplink from = current;
    Trouble before = trouble;
    long since = before != null ? before.since : silentSince(now);
    Trouble in = new Trouble(before != null ? before.from : from, why, since);
    in.exchangesLeft = exchanges;
    trouble = in;
    List<PathAction> actions = new ArrayList<>();
    actions.add(new Report(new PathEvent.Changed(from, to, why)));
    boolean socketFollows = to.followsRoute() && why == ChangeReason.ROUTE_CHANGED;
    if (socketFollows) {
      current = to;
      in.nextExchange = now + stallNanos;
      replay(in, now, actions);
      actions.add(ping(now));
    } else {
      exchange(in, to, now, actions);
    }
    return actions;
  }

  /** Since when an answer has been due. */
  private long silentSince(long now) {
    if (unansweredWriteSince != NEVER) {
      return unansweredWriteSince;
    }
    return sentSinceReceived > 1 ? unansweredSince : now;
  }

  private void exchange(Trouble in, Uplink to, long now, List<PathAction> actions) {
    current = to;
    in.exchangesLeft--;
    in.nextExchange = now + stallNanos;
    sendFailedSince = NEVER;
    actions.add(new ExchangeSocket(to));
    replay(in, now, actions);
    actions.add(ping(now));
  }

  private void replay(Trouble in, long now, List<PathAction> actions) {
    in.nextReplay = now + REPLAY_NANOS;
    actions.add(new Replay());
  }

  private Ping ping(long now) {
    if (pingedSince == NEVER) {
      pingedSince = now;
    }
    return new Ping();
  }

  private List<PathAction> giveUp(long silenceNanos) {
    Duration silence = Duration.ofNanos(silenceNanos);
    return List.of(new Report(new PathEvent.GivenUp(current, silence)), new GiveUp());
  }

  private List<PathAction> restartHandshake(Uplink to) {
    current = to;
    unansweredSince = NEVER;
    sentSinceReceived = 0;
    // Beyond the limit the time-out of the handshake decides.
    return restarts++ < HANDSHAKE_RESTARTS ? List.of(new RestartHandshake()) : List.of();
  }

  /** The way after the current one, or the same when there is no other. */
  private Uplink next() {
    return available.get((available.indexOf(current) + 1) % available.size());
  }

  private static boolean due(long since, long after, long now) {
    return since != NEVER && now - since >= after;
  }
}
