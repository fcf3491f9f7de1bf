package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.QueuedItem.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue's way to the broker over one shared connection: what waits for it, what is
 * fetched ahead, and what the broker has not acknowledged.
 *
 * <p>Messages of one client keep their order: what was sent before it came into the queue goes
 * first, then all others by number. Packet identifiers follow from the numbers, so that after a
 * crash the broker recognises a QoS 2 message that it has.
 */
final class QueuedUplink {

  /** Packet identifiers from here on are those of queued messages. */
  static final int FIRST_PACKET_IDENTIFIER = 0x8000;

  /** Returned by {@link #enqueue}. */
  static final int NO_ROOM = 0;

  /** So many messages are fetched ahead: their payloads are in memory. */
  private static final int FETCHED_AHEAD = 256;

  /** So many may wait for an acknowledgement of the broker, whatever it would take. */
  private static final int MOST_UNDER_WAY = 1_024;

  /** First those that were sent before they came into the queue. */
  private static final Comparator<QueuedItem> IN_ORDER =
      Comparator.comparing((QueuedItem item) -> !item.isSpilled())
          .thenComparingLong(item -> item.number);

  /** How a session learns what became of its publish. */
  interface Acknowledgement {
    /**
     * Tells the session.
     *
     * @param returnCode of the broker, or accepted for what is on the disk; null when nobody took
     *     it
     */
    void give(BrokerLink waiter, int theirs, Qos qos, @Nullable ReturnCode returnCode);
  }

  private final MessageQueue queue;
  private final ReceiveWindow window;
  private final Outbox out;
  private final Consumer<BrokerCommand> toBroker;
  private final Acknowledgement acknowledgement;
  private final DrainRate rate;

  /** What waits, by QoS. */
  private final QueueLane[] lanes = {new QueueLane(), new QueueLane(), new QueueLane()};

  /** What an earlier process had sent, and nobody has fetched yet. */
  private final Deque<QueuedItem> unfetched = new ArrayDeque<>();

  /** Packet identifiers of messages that wait, where they do not follow from the numbers. */
  private final Map<Long, Integer> fixed = new HashMap<>(0);

  /** What goes next, in this order; a few of them are being fetched. */
  private final Deque<QueuedItem> ahead = new ArrayDeque<>();

  /** Whether all those that are ahead are in order. */
  private boolean isSorted = true;

  /** What has a packet identifier: sent over this connection, or over the one before. */
  private final Map<Integer, QueuedItem> underWay = new HashMap<>();

  QueuedUplink(
      MessageQueue queue,
      ReceiveWindow window,
      Outbox out,
      Consumer<BrokerCommand> toBroker,
      Acknowledgement acknowledgement) {
    this.queue = queue;
    this.window = window;
    this.out = out;
    this.toBroker = toBroker;
    this.acknowledgement = acknowledgement;
    this.rate = new DrainRate(queue.settings().drainRate(), queue.now());
    queue.add(this);
  }

  MessageQueue queue() {
    return queue;
  }

  QueueLane[] lanes() {
    return lanes;
  }

  int underWay() {
    return underWay.size() + ahead.size();
  }

  boolean uses(int packetIdentifier) {
    return underWay.containsKey(packetIdentifier);
  }

  /** Whether the queue has what a session of an earlier process sends again. */
  boolean recognises(String clientId, BrokerCommand.Publish publish, int packetIdentifier) {
    int bytes = QueuedMessage.bytes(clientId, publish.topicName(), publish.payload());
    return queue.restoredExchanges().recognise(clientId, packetIdentifier, bytes);
  }

  /** Whether there is room for a message, or can be made. */
  boolean hasRoomFor(String clientId, BrokerCommand.Publish publish) {
    return queue.makesRoomFor(
        publish.qos(), QueuedMessage.bytes(clientId, publish.topicName(), publish.payload()));
  }

  /**
   * Whether a client has anything in the queue: then its order would suffer from a way round it.
   */
  boolean holds(String clientId) {
    return queue.clients().of(clientId) != QueueClients.NONE;
  }

  /** Whether a client has anything in the queue that was not sent yet. */
  boolean waits(String clientId) {
    return queue.clients().waits(queue.clients().of(clientId));
  }

  /** Whether sessions hold what waits for the broker, but for wills. */
  boolean leavesWaitingToSessions() {
    return queue.settings().ack() == Settings.QueueAck.BROKER;
  }

  // --- into the queue

  /**
   * Puts a publish into the queue, and sends it on at once where that is possible.
   *
   * @param publish with its origin, or without one (QoS -1), and with the packet identifier under
   *     which the broker may have got it already, or 0
   * @param waiter who is to be told when the disk or the broker has it; null for nobody
   * @param theirs the waiter's packet identifier
   * @return the packet identifier that it has from now on; {@link #NO_ROOM} if the queue is full
   */
  int enqueue(BrokerCommand.Publish publish, @Nullable BrokerLink waiter, int theirs) {
    int before = publish.packetIdentifier();
    QueuedMessage message =
        new QueuedMessage(
            queue.nextNumber(),
            publish.clientId(),
            publish.origin() == null ? 0 : publish.origin().sequence(),
            publish.topicName(),
            publish.payload(),
            publish.qos(),
            publish.retain(),
            before);
    if (!queue.makesRoomFor(publish.qos(), message.bytes())) {
      return NO_ROOM;
    }
    QueuedItem item = queue.enter(message, this);
    item.waiter = waiter;
    item.theirs = theirs;
    if (isDirect(before)) {
      begin(item, before, publish);
      if (window.isUnacknowledged(before)) {
        item.phase = Phase.SENT;
      } else {
        item.mayBeKnown = true;
        beginWaiting(item);
        ahead.add(item);
        isSorted = false;
      }
      return before;
    }
    item.fixed = before;
    if (!sendOn(item, publish)) {
      addToLane(item, queue.now());
      if (window.isUp()) {
        rate.joined();
      }
    }
    return item.identifier();
  }

  /** A message that an earlier process left. */
  void restore(QueuedMessage.Summary summary, long now) {
    QueuedItem item = queue.restore(summary, this);
    int identifier = identifierOf(summary);
    boolean isFree = !underWay.containsKey(identifier);
    if (summary.released() && isFree) {
      begin(item, identifier, null);
      item.phase = Phase.RELEASED;
    } else if (isDirect(identifier) && isFree) {
      begin(item, identifier, null);
      item.mayBeKnown = true;
      beginWaiting(item);
      unfetched.add(item);
    } else {
      item.fixed = isDirect(identifier) ? 0 : summary.packetIdentifier();
      addToLane(item, now - summary.ageMillis() * (Time.SECOND / 1_000));
    }
  }

  /** The packet identifier under which the broker may know a message of an earlier process. */
  static int identifierOf(QueuedMessage.Summary summary) {
    return summary.packetIdentifier() == 0
        ? QueuedItem.derived(summary.number())
        : summary.packetIdentifier();
  }

  /** Whether a packet identifier is one of those that direct publishes have. */
  private static boolean isDirect(int packetIdentifier) {
    return packetIdentifier != 0 && packetIdentifier < FIRST_PACKET_IDENTIFIER;
  }

  private void addToLane(QueuedItem item, long enteredAt) {
    beginWaiting(item);
    lanes[item.qos.level()].add(item.number, enteredAt, item.bytes, item.client);
    if (item.fixed != 0) {
      fixed.put(item.number, item.fixed);
    }
  }

  /** Sends a new message from memory, if nothing of its client is to go before it. */
  private boolean sendOn(QueuedItem item, BrokerCommand.Publish publish) {
    if (item.qos == Qos.ZERO
        || !window.hasRoom()
        || !window.admits(publish)
        || queue.clients().waits(item.client)) {
      return false;
    }
    item.publish = publish;
    boolean sent = send(item);
    if (!sent) {
      item.publish = null;
    }
    return sent;
  }

  // --- out of the queue

  /** Sends what can be sent now, and has the next messages fetched. */
  void proceed() {
    if (!window.takesPublishes()) {
      return;
    }
    sort();
    fetch();
    boolean sent = true;
    while (sent && !ahead.isEmpty()) {
      boolean hasRoom = ahead.getFirst().qos == Qos.ZERO || window.hasRoomBeyondReserve();
      sent = hasRoom && sendNext();
    }
  }

  /** Sends one message of those that are fetched, if it may go. */
  boolean sendNext() {
    QueuedItem next = ahead.peekFirst();
    if (next == null || next.publish == null) {
      return false;
    }
    stopWaiting(next);
    boolean sent = true;
    if (!window.admits(next.publish)) {
      out.add(Action.Drop.REJECTED_BY_BROKER);
      end(next);
    } else {
      sent = send(next);
    }
    if (sent) {
      ahead.removeFirst();
    } else {
      beginWaiting(next);
    }
    return sent;
  }

  /** When something is to be done without an event of the broker or the disk. */
  long deadline() {
    QueueLane lane = oldestLane();
    boolean waitsForRate =
        lane != null
            && window.takesPublishes()
            && ahead.size() < FETCHED_AHEAD
            && !queue.isBeingStored(lane.number());
    return waitsForRate ? rate.nextAllowanceAt() : Time.NEVER;
  }

  private void sort() {
    if (!isSorted) {
      List<QueuedItem> inOrder = sorted(ahead);
      ahead.clear();
      ahead.addAll(inOrder);
      isSorted = true;
    }
  }

  private void fetch() {
    List<Long> numbers = new ArrayList<>(0);
    while (ahead.size() < FETCHED_AHEAD) {
      QueuedItem next = unfetched.poll();
      next = next == null ? takeFromLane() : next;
      if (next == null) {
        break;
      }
      ahead.add(next);
      next.fetching = true;
      queue.await(next);
      numbers.add(next.number);
    }
    if (!numbers.isEmpty()) {
      out.add(new Action.Fetch(numbers));
    }
  }

  /** The next message of the backlog; null when there is none, or not yet. */
  private @Nullable QueuedItem takeFromLane() {
    QueueLane lane = oldestLane();
    if (lane == null || queue.isBeingStored(lane.number()) || !rate.take(queue.now())) {
      return null;
    }
    Qos qos = lane == lanes[0] ? Qos.ZERO : lane == lanes[1] ? Qos.ONE : Qos.TWO;
    QueuedItem item = new QueuedItem(this, lane.number(), lane.client(), lane.bytes(), qos);
    item.fixed = fixed.getOrDefault(item.number, 0);
    item.mayBeKnown = window.inherits() && (item.number <= queue.lastRestored() || item.fixed != 0);
    fixed.remove(item.number);
    lane.remove();
    return item;
  }

  private @Nullable QueueLane oldestLane() {
    QueueLane oldest = null;
    for (QueueLane lane : lanes) {
      if (!lane.isEmpty() && (oldest == null || lane.number() < oldest.number())) {
        oldest = lane;
      }
    }
    return oldest;
  }

  private boolean send(QueuedItem item) {
    BrokerCommand.Publish publish = item.publish;
    if (publish == null) {
      return false;
    }
    if (item.qos == Qos.ZERO) {
      toBroker.accept(publish);
      end(item);
      return true;
    }
    if (item.ours == 0) {
      int identifier = item.identifier();
      if (underWay.size() >= MOST_UNDER_WAY || underWay.containsKey(identifier)) {
        return false;
      }
      begin(item, identifier, publish);
      if (item.qos == Qos.TWO && window.inherits() && item.fixed == 0 && isFirstUse(item.number)) {
        // Or the broker could take it for an older message that nobody released.
        toBroker.accept(new BrokerCommand.PubRel(identifier));
      }
    }
    item.phase = Phase.SENT;
    window.sent(item.ours);
    toBroker.accept(publish.again(item.ours, item.mayBeKnown));
    return true;
  }

  private void begin(QueuedItem item, int identifier, BrokerCommand.@Nullable Publish publish) {
    item.ours = identifier;
    item.publish = publish;
    underWay.put(identifier, item);
  }

  private boolean isFirstUse(long number) {
    return number > queue.lastRestored()
        && number <= queue.lastRestored() + QueuedItem.PACKET_IDENTIFIERS;
  }

  // --- the disk

  void stored(QueuedItem item) {
    item.storing = false;
    // SI-42
    tell(item, ReturnCode.ACCEPTED);
  }

  void notStored(QueuedItem item) {
    item.storing = false;
    if (item.phase != Phase.WAITING) {
      item.onlyHere = true; // the broker's acknowledgement will be the client's
    } else if (lanes[item.qos.level()].cancel(item.number) || ahead.remove(item)) {
      stopWaiting(item);
      notTaken(item);
    } else {
      tell(item, null); // it was dropped meanwhile
    }
  }

  void released(QueuedItem item) {
    if (item.phase == Phase.RECEIVED) {
      item.phase = Phase.RELEASED;
      tell(item, ReturnCode.ACCEPTED);
      if (window.isUp()) {
        window.sent(item.ours);
        toBroker.accept(new BrokerCommand.PubRel(item.ours));
      }
    }
  }

  void fetched(QueuedItem item, QueuedMessage message) {
    item.fetching = false;
    item.publish =
        new BrokerCommand.Publish(
            0,
            message.topicName(),
            message.payload(),
            message.qos(),
            message.retain(),
            false,
            message.clientId().isEmpty()
                ? null
                : new BrokerCommand.Origin(message.clientId(), message.sequence()));
  }

  void missing(QueuedItem item) {
    item.fetching = false;
    if (ahead.remove(item)) {
      stopWaiting(item);
      out.add(Action.Drop.QUEUE_DAMAGED);
      end(item);
    }
  }

  /** The first message of a lane is not to be sent any more. */
  void giveUp(QueueLane lane) {
    long number = lane.number();
    int client = lane.client();
    int bytes = lane.bytes();
    lane.remove();
    fixed.remove(number);
    queue.clients().endWaiting(client);
    out.add(new Action.Dequeue(number));
    queue.leave(client, bytes);
  }

  // --- the broker

  /** PUBACK. */
  void pubAck(BrokerEvent.PubAck pubAck) {
    QueuedItem item = underWay.get(pubAck.packetIdentifier());
    if (item != null && item.qos == Qos.ONE && item.phase == Phase.SENT) {
      answered(item, pubAck.returnCode());
    }
  }

  /** PUBREC. */
  void pubRec(BrokerEvent.PubRec pubRec) {
    QueuedItem item = underWay.get(pubRec.packetIdentifier());
    if (item == null || item.qos != Qos.TWO) {
      return;
    }
    if (item.phase == Phase.SENT && pubRec.returnCode() != ReturnCode.ACCEPTED) {
      answered(item, pubRec.returnCode());
    } else if (item.phase == Phase.SENT) {
      item.phase = Phase.RECEIVED;
      queue.await(item);
      out.add(new Action.Release(item.number));
    } else if (item.phase == Phase.RELEASED) {
      toBroker.accept(new BrokerCommand.PubRel(item.ours));
    }
  }

  /** PUBCOMP. */
  void pubComp(int packetIdentifier) {
    QueuedItem item = underWay.get(packetIdentifier);
    if (item != null && item.phase == Phase.RELEASED) {
      end(item);
    }
  }

  /** The connection is there. */
  void connected(boolean sessionPresent) {
    if (!sessionPresent) {
      ahead.forEach(item -> item.mayBeKnown = false);
      unfetched.forEach(item -> item.mayBeKnown = false);
    }
    for (QueuedItem item : sorted(underWay.values())) {
      if (item.phase == Phase.RELEASED && sessionPresent) {
        window.sent(item.ours);
        toBroker.accept(new BrokerCommand.PubRel(item.ours));
      } else if (!sessionPresent && item.phase != Phase.WAITING) {
        // The broker forgot what it had received, and perhaps never passed it on.
        item.phase = Phase.WAITING;
        beginWaiting(item);
        if (item.publish == null) {
          unfetched.add(item);
        } else {
          ahead.add(item);
          isSorted = false;
        }
      }
    }
  }

  /** The connection is gone: what it did not acknowledge goes first over the next one. */
  void lost() {
    for (QueuedItem item : sorted(underWay.values())) {
      if (item.phase == Phase.SENT && item.onlyHere) {
        notTaken(item);
      } else if (item.phase == Phase.SENT) {
        item.phase = Phase.WAITING;
        item.mayBeKnown = true;
        beginWaiting(item);
        ahead.add(item);
        isSorted = false;
      }
    }
  }

  private void answered(QueuedItem item, ReturnCode returnCode) {
    if (returnCode != ReturnCode.ACCEPTED && item.waiter == null) {
      out.add(Action.Drop.REJECTED_BY_BROKER); // a client that waits has it counted
    }
    tell(item, returnCode);
    end(item);
  }

  /** The disk did not take it, and the broker cannot. */
  private void notTaken(QueuedItem item) {
    if (item.qos == Qos.ZERO) {
      out.add(Action.Drop.QUEUE_DISK);
    } else {
      out.add(Action.Refusal.QUEUE_DISK);
    }
    tell(item, null);
    item.onlyHere = true;
    end(item);
  }

  /** Tells the client, if it waits. */
  private void tell(QueuedItem item, @Nullable ReturnCode returnCode) {
    BrokerLink waiter = item.waiter;
    item.waiter = null;
    if (waiter != null) {
      acknowledgement.give(waiter, item.theirs, item.qos, returnCode);
    }
  }

  /** A message is over. */
  private void end(QueuedItem item) {
    if (item.ours != 0) {
      underWay.remove(item.ours);
      window.acknowledged(item.ours);
    }
    if (!item.onlyHere) {
      out.add(new Action.Dequeue(item.number));
    }
    queue.leave(item.client, item.bytes);
  }

  private void beginWaiting(QueuedItem item) {
    queue.clients().beginWaiting(item.client);
  }

  private void stopWaiting(QueuedItem item) {
    queue.clients().endWaiting(item.client);
  }

  private static List<QueuedItem> sorted(Collection<QueuedItem> items) {
    List<QueuedItem> sorted = new ArrayList<>(items);
    sorted.sort(IN_ORDER);
    return sorted;
  }
}
