package mqttsn.gateway.session;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;

/**
 * When the publishes of many sessions go over one connection: at once, in turn when there is room,
 * not before their packet identifier is clear, and out of turn while a message is on trial.
 *
 * <p>A session's record claims a packet identifier before the broker is sent a QoS 2 publish with
 * it, and another process sends it again as a duplicate. So none is claimed under which the broker
 * may still hold an older message: {@link ClearedIdentifiers}.
 */
final class UplinkSending {

  private final ReceiveWindow window;
  private final PoisonTrial trial;
  private final ClearedIdentifiers cleared;
  private final Origins origins;
  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;
  private final UplinkTurns turns = new UplinkTurns();
  private final UplinkReleases releases;

  UplinkSending(
      ReceiveWindow window,
      PoisonTrial trial,
      ClearedIdentifiers cleared,
      Origins origins,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.window = window;
    this.trial = trial;
    this.cleared = cleared;
    this.origins = origins;
    this.toBroker = toBroker;
    this.toSession = toSession;
    this.releases = new UplinkReleases(window, trial, toBroker);
  }

  /** Sends a publish, or lets it wait. */
  void begin(UplinkExchange entry, BrokerCommand.Publish publish) {
    entry.clears = entry.qos == Qos.TWO && !entry.sent && !cleared.has(entry.ours);
    if (entry.clears) {
      cleared.clear(entry.ours);
    } else {
      mayBeKnown(entry);
    }
    if (!entry.clears && window.hasRoom() && !turns.has(entry.from)) {
      send(entry, publish);
    } else {
      entry.waits = true;
      turns.add(entry);
    }
  }

  /** The packet identifier of a publish is clear that waited for that. */
  void clear(UplinkExchange entry) {
    entry.clears = false;
    mayBeKnown(entry);
  }

  private void mayBeKnown(UplinkExchange entry) {
    if (entry.qos == Qos.TWO && !entry.mayBeKnown) {
      toSession.accept(entry.from, new BrokerEvent.Sending(entry.theirs));
    }
    entry.mayBeKnown = true;
  }

  /** Whether anything waits for nothing but room. */
  boolean isAnyReady() {
    return turns.isAnyReady();
  }

  /** Sends what is next in turn. */
  void sendNext() {
    UplinkExchange next = turns.poll();
    BrokerCommand.Publish publish = next == null ? null : next.publish;
    if (next != null && publish != null && !next.over) {
      next.waits = false;
      send(next, publish);
    }
  }

  /** It goes another way, or no further. */
  void withdraw(UplinkExchange entry) {
    if (entry.waits) {
      entry.waits = false;
      turns.remove(entry);
    }
    releases.forget(entry);
  }

  /** The session is over. */
  void forget(BrokerLink from) {
    turns.forget(from);
  }

  /** PUBREL for what the broker has. */
  void release(UplinkExchange entry) {
    releases.release(entry);
  }

  /** The connection is gone. */
  void lost() {
    turns.clear();
    releases.clear();
  }

  // --- while a message is on trial

  /** Sends PUBREL for what does not have to wait any longer. */
  void releaseHeld() {
    releases.releaseHeld();
  }

  /** Whether PUBLISH or PUBREL waits, and could be sent. */
  boolean isReady(UplinkExchange entry) {
    return (entry.waits && !entry.clears) || releases.holds(entry);
  }

  void candidates(Consumer<Suspect> each) {
    releases.forEachHeld(each);
    turns.ready(each);
  }

  /** Sends PUBREL, or PUBLISH, of what waits. */
  void sendOutOfTurn(UplinkExchange entry) {
    BrokerCommand.Publish publish = entry.publish;
    if (entry.released) {
      releases.releaseNow(entry);
    } else if (publish != null) {
      turns.remove(entry);
      entry.waits = false;
      send(entry, publish);
    }
  }

  private void send(UplinkExchange entry, BrokerCommand.Publish publish) {
    BrokerCommand.Origin origin = origins.of(entry);
    if (entry.qos == Qos.TWO) {
      cleared.remove(entry.ours);
    }
    boolean again = entry.sent;
    entry.sent = true;
    window.sent(entry.ours);
    trial.sent(entry);
    toBroker.accept(publish.overSharedConnection(entry.ours, again, origin));
  }
}
