package mqttsn.gateway.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * PUBREL for publishes of sessions over a shared connection: it goes as soon as the broker has the
 * message, unless another one is on trial.
 */
final class UplinkReleases {

  private final ReceiveWindow window;
  private final PoisonTrial trial;
  private final Consumer<BrokerCommand> toBroker;

  /** What waits until the trial is over. */
  private final Set<UplinkExchange> held = new LinkedHashSet<>(0);

  UplinkReleases(ReceiveWindow window, PoisonTrial trial, Consumer<BrokerCommand> toBroker) {
    this.window = window;
    this.trial = trial;
    this.toBroker = toBroker;
  }

  /** The broker has it. */
  void release(UplinkExchange entry) {
    entry.released = true;
    entry.deferred = false;
    if (!window.isUp()) {
      return; // until the connection is there
    }
    if (trial.holdsRelease(entry)) {
      held.add(entry);
    } else {
      releaseNow(entry);
    }
  }

  /** Sends PUBREL, whatever is on trial. */
  void releaseNow(UplinkExchange entry) {
    held.remove(entry);
    window.sent(entry.ours);
    trial.sent(entry);
    toBroker.accept(new BrokerCommand.PubRel(entry.ours));
  }

  /** Sends what does not have to wait any longer. */
  void releaseHeld() {
    if (!held.isEmpty()) {
      List.copyOf(held).forEach(this::release);
    }
  }

  boolean holds(UplinkExchange entry) {
    return held.contains(entry);
  }

  void forEachHeld(Consumer<Suspect> each) {
    held.forEach(each);
  }

  /** It is over without PUBREL. */
  void forget(UplinkExchange entry) {
    held.remove(entry);
  }

  /** The connection is gone. */
  void clear() {
    held.clear();
  }
}
