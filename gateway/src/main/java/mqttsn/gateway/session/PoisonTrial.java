package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes over a shared connection while a message is suspected to end it each time, and what
 * becomes of that message: {@link PoisonWatch} decides, here it is done.
 */
final class PoisonTrial {

  private final PoisonWatch watch = new PoisonWatch();
  private final ReceiveWindow window;
  private final Outbox out;
  private final LongSupplier clock;
  private final List<UplinkParty> parties = new ArrayList<>(2);

  /** Packet identifiers whose PUBREL the broker does not bear; its session holds them for ever. */
  private final Set<Integer> unusable = new HashSet<>(0);

  /**
   * @param clock the time of the present input
   */
  PoisonTrial(ReceiveWindow window, Outbox out, LongSupplier clock) {
    this.window = window;
    this.out = out;
    this.clock = clock;
  }

  void add(UplinkParty party) {
    parties.add(party);
  }

  /** Whether PUBREL for this message has to wait. */
  boolean holdsRelease(Suspect released) {
    return watch.holdsRelease(released);
  }

  /** Whether the broker would take another message under this packet identifier for an old one. */
  boolean isUnusable(int packetIdentifier) {
    return unusable.contains(packetIdentifier);
  }

  /** The broker does not bear PUBREL for this packet identifier. */
  void unusable(int packetIdentifier) {
    unusable.add(packetIdentifier);
  }

  /** PUBLISH or PUBREL was sent. */
  void sent(Suspect message) {
    watch.sent(message, clock.getAsLong());
  }

  /**
   * Judges by what the broker acknowledged, or did not in time, and sends what is to be sent first:
   * PUBREL for what it has, then the suspect alone, or another one in its place.
   */
  void proceed() {
    judge();
    parties.forEach(UplinkParty::release);
    if (window.isOpen() && !watch.hasSent()) {
      sendNext();
    }
  }

  private void judge() {
    int losses = watch.losses();
    Suspect culprit = watch.acknowledged(window.hasTaken(), window.hasCompleted());
    if (culprit == null && window.isOpen()) {
      culprit = watch.incorrigible();
    }
    if (culprit != null) {
      watch.acquit();
      out.add(Action.Drop.POISON);
      out.add(new Action.Tell(notice(culprit, losses)));
      culprit.condemn();
    }
    watch.passed(clock.getAsLong());
    hold();
  }

  private void sendNext() {
    Suspect next = watch.isAside() ? inPlaceOfSuspect() : null;
    if (next == null) {
      next = watch.dueAlone(clock.getAsLong());
    }
    if (next == null) {
      return;
    }
    if (next.isReady()) {
      next.send();
    } else {
      watch.acquit();
    }
    hold();
  }

  /** When something is to be done; {@link Time#NEVER} if nothing is. */
  long deadline() {
    return window.isOpen() ? watch.deadline() : Time.NEVER;
  }

  void connected(boolean sessionPresent) {
    if (!sessionPresent) {
      unusable.clear();
    }
    watch.connected(clock.getAsLong());
  }

  /**
   * The connection is gone, or could not be had.
   *
   * @param brokerOwesOthers whether the broker has not answered something that is no publish
   */
  void lost(boolean brokerOwesOthers) {
    if (window.isUp()) {
      watch.lost(clock.getAsLong(), window.hasTaken(), window.hasCompleted(), brokerOwesOthers);
    }
  }

  private void hold() {
    window.hold(
        watch.isAlone()
            ? ReceiveWindow.Hold.EVERYTHING
            : watch.isAside() ? ReceiveWindow.Hold.QOS_1_AND_2 : ReceiveWindow.Hold.NOTHING);
  }

  private @Nullable Suspect inPlaceOfSuspect() {
    Best best = new Best();
    parties.forEach(party -> party.candidates(best));
    return best.found;
  }

  private final class Best implements Consumer<Suspect> {
    private @Nullable Suspect found;

    @Override
    public void accept(Suspect candidate) {
      found = watch.better(found, candidate);
    }
  }

  private static Notice notice(Suspect culprit, int losses) {
    String topicName = culprit.topicName();
    String why =
        (topicName == null ? "(topic unknown)" : topicName)
            + ": the broker closed the connection "
            + losses
            + " times in a row when it got "
            + (culprit.isReleased() ? "PUBREL for " : "")
            + "this message";
    return new Notice(Notice.Event.MESSAGE_DROPPED, culprit.clientId(), null, why);
  }
}
