package mqttsn.gateway;

import java.util.List;
import java.util.function.Consumer;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.session.Action;

/**
 * What the durable queue lost or did not take, as one line of the log for each reason and each time
 * of asking. Belongs to the event loop.
 */
final class QueueLosses {

  private static final List<Action.Drop> DROPS =
      List.of(
          Action.Drop.QUEUE_FULL,
          Action.Drop.QUEUE_AGE,
          Action.Drop.QUEUE_DAMAGED,
          Action.Drop.QUEUE_DISK);

  private static final List<Action.Refusal> REFUSALS =
      List.of(Action.Refusal.QUEUE_FULL, Action.Refusal.QUEUE_DISK);

  private final Counters counters;
  private final Consumer<String> log;
  private final long[] droppedBefore = new long[DROPS.size()];
  private final long[] refusedBefore = new long[REFUSALS.size()];

  QueueLosses(Counters counters, Consumer<String> log) {
    this.counters = counters;
    this.log = log;
  }

  /** A line for each reason that there was since the last call. */
  void say() {
    for (int i = 0; i < DROPS.size(); i++) {
      Action.Drop reason = DROPS.get(i);
      long dropped = counters.drops().of(reason);
      say(dropped - droppedBefore[i], "dropped", reason.label());
      droppedBefore[i] = dropped;
    }
    for (int i = 0; i < REFUSALS.size(); i++) {
      Action.Refusal reason = REFUSALS.get(i);
      long refused = counters.refusals().of(reason);
      say(refused - refusedBefore[i], "refused", reason.label());
      refusedBefore[i] = refused;
    }
  }

  private void say(long times, String what, String reason) {
    if (times > 0) {
      log.accept(
          "durable queue: "
              + times
              + (times == 1 ? " message " : " messages ")
              + what
              + ": "
              + reason);
    }
  }
}
