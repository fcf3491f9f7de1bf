package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.QueuedItem.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue's way to the broker over one shared connection: which message comes in how, and
 * which goes next. What was not sent yet is the {@link QueueBacklog}, what was sent are the {@link
 * QueueExchanges}.
 *
 * <p>Messages of one client keep their order: what was sent before it came into the queue goes
 * first, then what was sent over a connection before, then all others by number. Packet identifiers
 * follow from the numbers, so that after a crash the broker recognises a QoS 2 message that it has.
 */
final class QueuedUplink implements UplinkParty {

  /** Packet identifiers from here on are those of queued messages. */
  static final int FIRST_PACKET_IDENTIFIER = 0x8000;

  /** Returned by {@link #enqueue}. */
  static final int NO_ROOM = 0;

  private final MessageQueue queue;
  private final ReceiveWindow window;
  private final Outbox out;
  private final Consumer<BrokerCommand> toBroker;
  private final AbandonedPublishes abandoned;
  private final QueueExit.Waiters waiters;
  private final QueueExit exit;
  private final QueueBacklog backlog;
  private final QueueExchanges exchanges;
  private final PoisonTrial trial;

  QueuedUplink(
      MessageQueue queue,
      ReceiveWindow window,
      PoisonTrial trial,
      ClearedIdentifiers cleared,
      Outbox out,
      Consumer<BrokerCommand> toBroker,
      QueueExit.Waiters waiters) {
    this.queue = queue;
    this.window = window;
    this.trial = trial;
    this.out = out;
    this.toBroker = toBroker;
    this.abandoned = new AbandonedPublishes(queue, window, this::uses, toBroker);
    this.waiters = waiters;
    this.exit = new QueueExit(queue, out, waiters, abandoned);
    this.backlog = new QueueBacklog(this, queue);
    this.exchanges = new QueueExchanges(queue, window, toBroker, out, exit, trial, cleared);
    queue.add(this);
  }

  MessageQueue queue() {
    return queue;
  }

  QueueBacklog backlog() {
    return backlog;
  }

  /** How many messages are on their way to the broker, or being fetched for it. */
  int underWay() {
    return exchanges.size() + backlog.fetchedAhead();
  }

  @Override
  public boolean uses(int packetIdentifier) {
    return exchanges.uses(packetIdentifier) || trial.isUnusable(packetIdentifier);
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
    QueuedMessage message = QueuedMessage.of(publish, queue.nextNumber(waiters::uses));
    if (!queue.makesRoomFor(publish.qos(), message.bytes())) {
      return NO_ROOM;
    }
    QueuedItem item = queue.enter(message, this);
    item.waiter = waiter;
    item.theirs = theirs;
    if (isDirect(before)) {
      exchanges.adopt(item, before, publish);
      return before;
    }
    item.fixed = before;
    if (!sendOn(item, publish)) {
      backlog.add(item, queue.now());
      if (window.isUp()) {
        backlog.joinedLive();
      }
    }
    return item.identifier();
  }

  /** A message that an earlier process left. */
  void restore(QueuedMessage.Summary summary) {
    QueuedItem item = queue.restore(summary, this);
    int identifier = identifierOf(summary);
    boolean isDirect = isDirect(identifier);
    if ((summary.released() || isDirect) && !exchanges.uses(identifier)) {
      exchanges.restore(item, identifier, summary.released());
    } else {
      item.fixed = isDirect ? 0 : summary.packetIdentifier();
      backlog.add(item, queue.enteredAt(summary));
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

  /** Sends a new message from memory, if nothing of its client is to go before it. */
  private boolean sendOn(QueuedItem item, BrokerCommand.Publish publish) {
    return item.qos != Qos.ZERO
        && window.hasRoom()
        && window.admits(publish)
        && !queue.clients().waits(item.client)
        && !(item.qos == Qos.TWO && backlog.holdsBefore(item))
        && exchanges.send(item, publish);
  }

  // --- out of the queue

  @Override
  public void release() {
    if (window.isUp()) {
      exchanges.releaseAll();
      abandoned.release();
    }
  }

  /** Sends what can be sent now, and has the next messages fetched. */
  void proceed() {
    if (!window.takesPublishes()) {
      return;
    }
    List<Long> numbers = new ArrayList<>(0);
    exchanges.fetch(numbers);
    backlog.fetch(numbers);
    if (!numbers.isEmpty()) {
      out.add(new Action.Fetch(numbers));
    }
    QueuedItem next = next();
    while (next != null && (next.qos == Qos.ZERO || window.hasRoomBeyondReserve()) && sendNext()) {
      next = next();
    }
  }

  /** A message will be sent soon. */
  void prepare(QueuedItem item) {
    if (item.qos == Qos.TWO && !backlog.holdsBefore(item)) {
      exchanges.prepare(item);
    }
  }

  /** Sends one message of those that are fetched, if it may go. */
  boolean sendNext() {
    QueuedItem next = next();
    BrokerCommand.Publish publish = next == null ? null : next.publish;
    return next != null && publish != null && send(next, publish);
  }

  private boolean send(QueuedItem next, BrokerCommand.Publish publish) {
    if (!window.admits(publish)) {
      giveUp(next, Action.Drop.REJECTED_BY_BROKER);
    } else if (next.ours != 0) {
      exchanges.sendAgain(next, publish);
    } else if (next.qos == Qos.ZERO) {
      toBroker.accept(publish);
      backlog.remove(next);
      exit.over(next);
    } else if (exchanges.send(next, publish)) {
      backlog.remove(next);
    } else {
      return false;
    }
    return true;
  }

  /** When something is to be done without an event of the broker or the disk. */
  long deadline() {
    return window.takesPublishes() ? backlog.deadline() : Time.NEVER;
  }

  private @Nullable QueuedItem next() {
    return exchanges.hasAnyToSendAgain() ? exchanges.nextAgain() : backlog.first();
  }

  /** A message that was fetched to be sent next is dropped. */
  private void giveUp(QueuedItem next, Action.Drop why) {
    if (exchanges.cancel(next) || backlog.remove(next)) {
      exit.dropped(next, why);
    }
  }

  // --- while a message is on trial

  @Override
  public void candidates(Consumer<Suspect> each) {
    exchanges.candidates(each);
    backlog.candidates(each);
  }

  /** Sends PUBREL, or PUBLISH, of what waits. */
  void sendOutOfTurn(QueuedItem item) {
    BrokerCommand.Publish publish = item.publish;
    if (item.isReleased()) {
      exchanges.release(item);
    } else if (publish != null) {
      boolean unused = send(item, publish);
    }
  }

  /** The broker closes the connection because of it: it goes no further. */
  void condemn(QueuedItem item) {
    if (item.isReleased()) {
      trial.unusable(item.ours);
    }
    if (exchanges.cancel(item) || backlog.remove(item)) {
      exit.left(item);
    }
  }

  String clientIdOf(QueuedItem item) {
    return queue.clients().clientId(item.client);
  }

  // --- the disk

  void stored(QueuedItem item) {
    item.storing = false;
    // SI-42
    exit.tell(item, ReturnCode.ACCEPTED);
  }

  void notStored(QueuedItem item) {
    item.storing = false;
    if (item.phase != Phase.WAITING) {
      item.onlyHere = true; // the broker's acknowledgement will be the client's
    } else if (exchanges.cancel(item) || backlog.cancel(item)) {
      exit.notTaken(item);
    } else {
      exit.tell(item, null); // it was dropped meanwhile
    }
  }

  void released(QueuedItem item) {
    exchanges.released(item);
  }

  void fetched(QueuedItem item, QueuedMessage message) {
    item.fetching = false;
    item.publish = message.toPublish();
  }

  void missing(QueuedItem item) {
    item.fetching = false;
    giveUp(item, Action.Drop.QUEUE_DAMAGED);
  }

  // --- bounds

  /** Drops what came at this time or before, and was not sent yet. */
  void dropOlder(long enteredAt) {
    for (QueuedItem item = backlog.giveOlder(enteredAt);
        item != null;
        item = backlog.giveOlder(enteredAt)) {
      exit.dropped(item, Action.Drop.QUEUE_AGE);
    }
  }

  /** Drops the oldest message with this QoS that was not sent yet; there is one. */
  void dropOldest(Qos qos) {
    exit.dropped(backlog.giveOldest(qos), Action.Drop.QUEUE_FULL);
  }

  // --- the broker

  @Override
  public void pubAck(BrokerEvent.PubAck pubAck) {
    exchanges.pubAck(pubAck);
  }

  @Override
  public void pubRec(BrokerEvent.PubRec pubRec) {
    exchanges.pubRec(pubRec);
  }

  @Override
  public void pubComp(int packetIdentifier) {
    exchanges.pubComp(packetIdentifier);
  }

  void connected(boolean sessionPresent) {
    abandoned.connected(sessionPresent);
    exchanges.connected(sessionPresent);
  }

  /** The connection is gone, or could not be had. */
  void lost() {
    exchanges.lost();
  }
}
