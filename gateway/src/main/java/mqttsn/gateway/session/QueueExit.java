package mqttsn.gateway.session;

import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * How messages leave the durable queue of one connection, and what their clients hear: once, from
 * the disk or from the broker.
 */
final class QueueExit {

  /** The sessions whose publishes are queued. */
  interface Waiters {
    /**
     * Tells a session what became of its publish.
     *
     * @param returnCode of the broker, or accepted for what is on the disk; null when nobody took
     *     it
     */
    void answered(BrokerLink waiter, int theirs, Qos qos, @Nullable ReturnCode returnCode);

    /**
     * Nobody took a QoS 2 publish that the broker may have under this packet identifier.
     *
     * @return whether its session keeps it, to send it again or release it
     */
    boolean deferred(BrokerLink waiter, int theirs, int packetIdentifier);

    /** Whether a session has a publish under this packet identifier. */
    boolean uses(int packetIdentifier);
  }

  private final MessageQueue queue;
  private final Outbox out;
  private final Waiters waiters;
  private final AbandonedPublishes abandoned;

  QueueExit(MessageQueue queue, Outbox out, Waiters waiters, AbandonedPublishes abandoned) {
    this.queue = queue;
    this.out = out;
    this.waiters = waiters;
    this.abandoned = abandoned;
  }

  /** Tells the client, if it waits. */
  void tell(QueuedItem item, @Nullable ReturnCode returnCode) {
    BrokerLink waiter = item.waiter;
    item.waiter = null;
    if (waiter != null) {
      waiters.answered(waiter, item.theirs, item.qos, returnCode);
    }
  }

  /** The broker has answered, so that nothing is left to be done. */
  void answered(QueuedItem item, ReturnCode returnCode) {
    if (returnCode != ReturnCode.ACCEPTED && item.waiter == null) {
      out.add(Action.Drop.REJECTED_BY_BROKER); // a client that waits has it counted
    }
    tell(item, returnCode);
    over(item);
  }

  /** The disk did not take it, and the broker cannot. */
  void notTaken(QueuedItem item) {
    if (item.qos == Qos.ZERO) {
      out.add(Action.Drop.QUEUE_DISK);
    } else {
      out.add(Action.Refusal.QUEUE_DISK);
    }
    item.onlyHere = true;
    if (!isDeferred(item)) {
      tell(item, null);
      abandoned.add(item);
    }
    over(item);
  }

  /** The broker may have it: then the client's next copy of it must not be another message. */
  private boolean isDeferred(QueuedItem item) {
    BrokerLink waiter = item.waiter;
    return item.qos == Qos.TWO
        && item.mayHaveBeenSent(queue.lastRestored())
        && waiter != null
        && waiters.deferred(waiter, item.theirs, item.identifier());
  }

  /** It goes no further. */
  void dropped(QueuedItem item, Action.Drop why) {
    out.add(why);
    left(item);
  }

  /** It goes no further, which is counted already. */
  void left(QueuedItem item) {
    abandoned.add(item);
    over(item);
  }

  /** It is over, whatever became of it. */
  void over(QueuedItem item) {
    if (!item.onlyHere) {
      out.add(new Action.Dequeue(item.number));
    }
    item.isOver = true;
    queue.leave(item.client, item.bytes);
  }
}
