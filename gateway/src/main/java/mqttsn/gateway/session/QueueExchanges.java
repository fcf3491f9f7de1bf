package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.QueuedItem.Phase;
import org.jspecify.annotations.Nullable;

/**
 * What of the durable queue the broker was sent, over this connection or one before, and has not
 * acknowledged: by packet identifier, up to PUBACK or PUBCOMP.
 *
 * <p>What a lost connection did not acknowledge waits here to be sent again, before anything that
 * was not sent yet.
 */
final class QueueExchanges {

  /** So many may wait for an acknowledgement of the broker, whatever it would take. */
  private static final int MOST_UNDER_WAY = 1_024;

  /** So many that an earlier process had sent are fetched at a time. */
  private static final int FETCHED_AHEAD = 256;

  /** First those that were sent before they came into the queue. */
  private static final Comparator<QueuedItem> IN_ORDER =
      Comparator.comparing((QueuedItem item) -> !item.isSpilled())
          .thenComparingLong(item -> item.number);

  private final MessageQueue queue;
  private final ReceiveWindow window;
  private final Consumer<BrokerCommand> toBroker;
  private final Outbox out;
  private final QueueExit exit;
  private final PoisonTrial trial;
  private final ClearedIdentifiers cleared;

  /** What has a packet identifier. */
  private final Map<Integer, QueuedItem> underWay = new HashMap<>();

  /** Those of them that are to be sent again; some are being fetched. */
  private final TreeSet<QueuedItem> again = new TreeSet<>(IN_ORDER);

  /** What is to be sent again and only the disk has, and nobody has fetched yet. */
  private final TreeSet<QueuedItem> unfetched = new TreeSet<>(IN_ORDER);

  /** What the broker has and is to be sent PUBREL for. */
  private final TreeSet<QueuedItem> toRelease = new TreeSet<>(IN_ORDER);

  QueueExchanges(
      MessageQueue queue,
      ReceiveWindow window,
      Consumer<BrokerCommand> toBroker,
      Outbox out,
      QueueExit exit,
      PoisonTrial trial,
      ClearedIdentifiers cleared) {
    this.queue = queue;
    this.window = window;
    this.toBroker = toBroker;
    this.out = out;
    this.exit = exit;
    this.trial = trial;
    this.cleared = cleared;
  }

  int size() {
    return underWay.size();
  }

  boolean uses(int packetIdentifier) {
    return underWay.containsKey(packetIdentifier);
  }

  // --- messages come

  /** The broker may have got this message under this packet identifier, over this connection. */
  void adopt(QueuedItem item, int identifier, BrokerCommand.Publish publish) {
    begin(item, identifier, publish);
    if (window.isUnacknowledged(identifier)) {
      item.phase = Phase.SENT;
    } else {
      awaitSendingAgain(item, true);
    }
  }

  /** An earlier process had sent this message; only the disk has it. */
  void restore(QueuedItem item, int identifier, boolean isReleased) {
    begin(item, identifier, null);
    if (isReleased) {
      item.phase = Phase.RELEASED;
    } else {
      awaitSendingAgain(item, true);
    }
  }

  /** Sends a message for the first time; false if it has to wait for its packet identifier. */
  boolean send(QueuedItem item, BrokerCommand.Publish publish) {
    int identifier = usable(item);
    if (underWay.size() >= MOST_UNDER_WAY || underWay.containsKey(identifier)) {
      return false;
    }
    if (isToBeCleared(item, identifier)) {
      trial.sent(item);
      cleared.clear(identifier);
      return false;
    }
    begin(item, identifier, publish);
    item.mayBeKnown = mayBeKnown(item, identifier);
    publish(item, publish);
    return true;
  }

  /** Has the packet identifier of a message cleared that will be sent soon. */
  void prepare(QueuedItem item) {
    int identifier = usable(item);
    if (!underWay.containsKey(identifier) && isToBeCleared(item, identifier)) {
      cleared.clear(identifier);
    }
  }

  private int usable(QueuedItem item) {
    int identifier = item.identifier();
    while (trial.isUnusable(identifier)) {
      identifier = QueuedItem.following(identifier);
    }
    return identifier;
  }

  /** Whether the broker could take it for an older message that nobody released. */
  private boolean isToBeCleared(QueuedItem item, int identifier) {
    return item.qos == Qos.TWO && !mayBeKnown(item, identifier) && !cleared.has(identifier);
  }

  private boolean mayBeKnown(QueuedItem item, int identifier) {
    // Whether an earlier process sent it is not known.
    boolean isInherited = window.inherits() && item.number <= queue.lastRestored();
    return isInherited || (item.fixed != 0 && item.fixed == identifier);
  }

  // --- messages that are sent again

  /** Whether anything has to be sent again before what was not sent yet. */
  boolean hasAnyToSendAgain() {
    return !again.isEmpty() || !unfetched.isEmpty();
  }

  /** What is to be sent again next; null while it is not there, or nothing is. */
  @Nullable QueuedItem nextAgain() {
    QueuedItem next = again.isEmpty() ? null : again.first();
    return next == null || isBehindUnfetched(next) ? null : next;
  }

  /** Hands over what is to be released or sent again, as far as it is fetched. */
  void candidates(Consumer<Suspect> each) {
    toRelease.forEach(each);
    again.forEach(each);
  }

  /** Has the next messages fetched that only the disk has. */
  void fetch(List<Long> numbers) {
    while (!unfetched.isEmpty()
        && (again.size() < FETCHED_AHEAD || isBehindUnfetched(again.first()))) {
      QueuedItem next = unfetched.first();
      unfetched.remove(next);
      again.add(next);
      next.fetching = true;
      queue.await(next);
      numbers.add(next.number);
    }
  }

  /** Sends a message that is to be sent again. */
  void sendAgain(QueuedItem next, BrokerCommand.Publish publish) {
    removeFromAgain(next);
    publish(next, publish);
  }

  /** Sends PUBREL for what the broker has. */
  void releaseAll() {
    if (!toRelease.isEmpty()) {
      List.copyOf(toRelease).stream()
          .filter(item -> !trial.holdsRelease(item))
          .forEach(this::release);
    }
  }

  /** Sends PUBREL. */
  void release(QueuedItem item) {
    toRelease.remove(item);
    window.sent(item.ours);
    trial.sent(item);
    toBroker.accept(new BrokerCommand.PubRel(item.ours));
  }

  /** A message that was to be sent again, or released, is not; false if it is not there. */
  boolean cancel(QueuedItem item) {
    boolean wasThere = toRelease.remove(item) || removeFromAgain(item);
    if (wasThere) {
      forget(item);
    }
    return wasThere;
  }

  private boolean isBehindUnfetched(QueuedItem item) {
    return !unfetched.isEmpty() && IN_ORDER.compare(unfetched.first(), item) < 0;
  }

  // --- the broker

  /** PUBACK. */
  void pubAck(BrokerEvent.PubAck pubAck) {
    QueuedItem item = underWay.get(pubAck.packetIdentifier());
    if (item != null && item.qos == Qos.ONE && item.phase == Phase.SENT) {
      forget(item);
      window.acknowledged();
      exit.answered(item, pubAck.returnCode());
    }
  }

  /** PUBREC. */
  void pubRec(BrokerEvent.PubRec pubRec) {
    QueuedItem item = underWay.get(pubRec.packetIdentifier());
    if (item == null || item.qos != Qos.TWO) {
      return;
    }
    window.taken();
    if (item.phase == Phase.SENT && pubRec.returnCode() != ReturnCode.ACCEPTED) {
      forget(item);
      exit.answered(item, pubRec.returnCode());
    } else if (item.phase == Phase.SENT) {
      item.phase = Phase.RECEIVED;
      queue.await(item);
      out.add(new Action.Release(item.number));
    } else if (item.phase == Phase.RELEASED) {
      toBroker.accept(new BrokerCommand.PubRel(item.ours));
    }
  }

  /** It is written down that the broker has the message. */
  void released(QueuedItem item) {
    if (item.phase == Phase.RECEIVED) {
      item.phase = Phase.RELEASED;
      exit.tell(item, ReturnCode.ACCEPTED);
      toRelease.add(item);
    }
  }

  /** PUBCOMP. */
  void pubComp(int packetIdentifier) {
    QueuedItem item = underWay.get(packetIdentifier);
    if (item != null && item.phase == Phase.RELEASED) {
      forget(item);
      window.completed();
      exit.over(item);
    }
  }

  /** The connection is there. */
  void connected(boolean sessionPresent) {
    toRelease.clear();
    if (!sessionPresent) {
      underWay.values().forEach(item -> item.mayBeKnown = false);
    }
    for (QueuedItem item : inOrder()) {
      if (item.phase == Phase.RELEASED && sessionPresent) {
        toRelease.add(item);
      } else if (!sessionPresent && item.phase != Phase.WAITING) {
        // The broker forgot what it had received, and perhaps never passed it on.
        awaitSendingAgain(item, false);
      }
    }
  }

  /** The connection is gone: what it did not acknowledge goes first over the next one. */
  void lost() {
    for (QueuedItem item : inOrder()) {
      if (item.phase == Phase.SENT && item.onlyHere) {
        forget(item);
        exit.notTaken(item);
      } else if (item.phase == Phase.SENT) {
        awaitSendingAgain(item, true);
      }
    }
  }

  // --- below

  private void begin(QueuedItem item, int identifier, BrokerCommand.@Nullable Publish publish) {
    item.ours = identifier;
    item.publish = publish;
    underWay.put(identifier, item);
  }

  private void publish(QueuedItem item, BrokerCommand.Publish publish) {
    item.phase = Phase.SENT;
    window.sent(item.ours);
    trial.sent(item);
    if (item.qos == Qos.TWO) {
      cleared.remove(item.ours);
    }
    toBroker.accept(publish.again(item.ours, item.mayBeKnown));
  }

  private void awaitSendingAgain(QueuedItem item, boolean mayBeKnown) {
    item.phase = Phase.WAITING;
    item.mayBeKnown = mayBeKnown;
    queue.clients().beginWaiting(item.client);
    (item.publish == null ? unfetched : again).add(item);
  }

  private boolean removeFromAgain(QueuedItem item) {
    boolean wasThere = again.remove(item);
    if (wasThere) {
      queue.clients().endWaiting(item.client);
    }
    return wasThere;
  }

  private void forget(QueuedItem item) {
    underWay.remove(item.ours);
    window.forget(item.ours);
  }

  private List<QueuedItem> inOrder() {
    List<QueuedItem> sorted = new ArrayList<>(underWay.values());
    sorted.sort(IN_ORDER);
    return sorted;
  }
}
