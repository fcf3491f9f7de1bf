package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.gateway.session.Action;

/** Which messages left the durable queue with a counted reason, and not for the broker. */
final class QueueDrops {

  private static final Set<Action> REASONS =
      Set.of(
          Action.Drop.QUEUE_FULL,
          Action.Drop.QUEUE_AGE,
          Action.Drop.QUEUE_DAMAGED,
          Action.Drop.REJECTED_BY_BROKER);

  private final Map<Long, String> payloads = new HashMap<>();
  private final Set<String> dropped = new HashSet<>();

  /** The actions of an input; a reason stands before the DEQUEUE that it is for. */
  void acted(List<Action> actions) {
    boolean isReason = false;
    for (Action action : actions) {
      if (action instanceof Action.Enqueue enqueue) {
        payloads.put(enqueue.message().number(), enqueue.message().payload().toUtf8String());
      } else if (action instanceof Action.Dequeue dequeue && isReason) {
        dropped.add(payloads.getOrDefault(dequeue.number(), ""));
      }
      isReason = REASONS.contains(action);
    }
  }

  boolean has(String payload) {
    return dropped.contains(payload);
  }
}
