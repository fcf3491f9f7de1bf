package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of many sessions over one connection: translates packet identifiers, and shares the
 * broker's receive maximum out among the clients in turn, in order for each of them.
 *
 * <p>A QoS 2 message is released as soon as the broker has it: a client that does not come back
 * with its PUBREL must not occupy a place of the receive maximum.
 *
 * <p>With a durable queue, {@link QueuedPublishes} decides first which way a publish takes, and the
 * backlog is one more party that waits for its turn.
 */
final class SharedUplink {

  /** A QoS 1 or 2 publish of one session. */
  static final class Entry {
    final BrokerLink from;
    final int theirs;
    final int ours;
    final Qos qos;

    /** Of the client; 0 before it is sent for the first time. */
    long sequence;

    /** Whether the broker was sent it, and may know it. */
    boolean sent;

    /** Whether it waits for room, in {@link Member#waiting}. */
    boolean waits;

    /** QoS 2: the broker has it, and was sent PUBREL. */
    boolean released;

    /** QoS 2: the session has sent PUBREL and waits for PUBCOMP. */
    boolean completes;

    /** Whether the durable queue has it, and answers the session. */
    boolean queued;

    /** The packet identifier that the durable queue gave it, or that it had before. */
    int onWire;

    /** Whether nothing is left to be done here: it is answered, or the durable queue has it. */
    boolean over;

    /** What is sent, and when the session published it; null without a durable queue. */
    BrokerCommand.@Nullable Publish publish;

    long publishedAt;

    Entry(BrokerLink from, int theirs, int ours, Qos qos) {
      this.from = from;
      this.theirs = theirs;
      this.ours = ours;
      this.onWire = ours;
      this.qos = qos;
    }
  }

  private static final class Member {
    final String clientId;
    final Deque<BrokerCommand.Publish> waiting = new ArrayDeque<>(0);
    final Map<Integer, Entry> underWay;
    long sequence;

    Member(String clientId, long sequence, Map<Integer, Entry> underWay) {
      this.clientId = clientId;
      this.sequence = sequence;
      this.underWay = underWay;
    }
  }

  private final PacketIdentifiers packetIdentifiers;
  private final ReceiveWindow window;
  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;
  private final Map<BrokerLink, Member> members = new HashMap<>();
  private final Map<Integer, Entry> byOurs = new HashMap<>();

  /** What was sent for sessions that are over; a will may be among it whose client comes back. */
  private final Map<BrokerLink, Map<Integer, Entry>> orphans = new HashMap<>();

  /** Who waits for room, in turn. */
  private final Deque<BrokerLink> turns = new ArrayDeque<>();

  /** The highest sequence number of all; a client that comes (back) starts above it. */
  private long highestSequence;

  /** The durable queue; null without one. */
  private @Nullable QueuedPublishes queue;

  /** Whether it is the turn of the queue's backlog. */
  private boolean isTurnOfBacklog;

  SharedUplink(
      PacketIdentifiers packetIdentifiers,
      ReceiveWindow window,
      long firstSequence,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.packetIdentifiers = packetIdentifiers;
    this.window = window;
    this.highestSequence = firstSequence;
    this.toBroker = toBroker;
    this.toSession = toSession;
  }

  /** Publishes may go through the durable queue. */
  void use(QueuedPublishes durableQueue) {
    queue = durableQueue;
  }

  /** The highest sequence number of a publish so far. */
  long highestSequence() {
    return highestSequence;
  }

  boolean uses(int packetIdentifier) {
    return byOurs.containsKey(packetIdentifier);
  }

  void join(BrokerLink from, String clientId) {
    members.computeIfAbsent(from, link -> new Member(clientId, highestSequence, orphansOf(link)));
  }

  /** The session is over; what the broker still acknowledges of it goes nowhere. */
  void forget(BrokerLink from) {
    Member member = members.remove(from);
    if (member != null) {
      turns.remove(from);
      orphans.put(from, member.underWay);
      List.copyOf(member.underWay.values()).stream()
          .filter(entry -> !entry.sent || entry.queued)
          .forEach(this::forget);
      orphans.remove(from, Map.of());
    }
  }

  /**
   * The packet identifier that the broker knows a session's publish under; 0 when it does not know
   * it.
   */
  int wireIdentifier(BrokerLink from, int theirs) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    return entry == null ? 0 : entry.onWire;
  }

  /** An earlier process sent this; the session counts it under the identifier that it had there. */
  void recall(BrokerLink from, SessionRecord.Exchange exchange) {
    Member member = members.get(from);
    int identifier = exchange.packetIdentifier();
    if (member != null && identifier != 0 && !byOurs.containsKey(identifier)) {
      Entry entry = new Entry(from, identifier, identifier, exchange.publish().qos());
      entry.sent = true;
      entry.released = exchange.phase() != SessionRecord.ExchangePhase.PUBLISHED;
      member.underWay.put(identifier, entry);
      byOurs.put(identifier, entry);
    }
  }

  /**
   * A publish of a session.
   *
   * @param isWill whether it is the will of a lost client
   */
  void publish(
      BrokerLink from, BrokerCommand.Publish unprefixed, boolean isWill, TopicPrefix prefix) {
    Member member = members.get(from);
    if (member == null) {
      return;
    }
    BrokerCommand.Publish publish = unprefixed.withTopicName(prefix.toName(unprefixed.topicName()));
    if (publish.qos() == Qos.ZERO) {
      BrokerCommand.Publish toSend =
          publish.overSharedConnection(0, false, origin(member, nextSequence(member)));
      if (queue == null || !queue.takesUnacknowledged(toSend)) {
        toBroker.accept(toSend);
      }
      return;
    }
    int theirs = publish.packetIdentifier();
    Entry entry = member.underWay.get(theirs);
    if (entry != null && (entry.waits || entry.queued || window.isUnacknowledged(entry.ours))) {
      return; // on its way
    }
    if (entry != null && entry.sent && !publish.dup()) {
      abandon(entry);
      entry = null;
    }
    if (entry == null) {
      entry = newEntry(from, theirs, publish.qos());
      member.underWay.put(theirs, entry);
    }
    if (queue == null || !queue.takes(entry, publish, member.clientId, isWill)) {
      direct(member, entry, publish);
    }
  }

  void pubRel(BrokerLink from, int theirs) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    if (entry == null || entry.queued) {
      deliver(from, new BrokerEvent.PubComp(theirs));
    } else {
      entry.completes = true;
    }
  }

  void pubAck(BrokerEvent.PubAck pubAck) {
    Entry entry = byOurs.get(pubAck.packetIdentifier());
    if (entry != null && entry.qos == Qos.ONE) {
      end(entry);
      deliver(entry.from, new BrokerEvent.PubAck(entry.theirs, pubAck.returnCode()));
    }
  }

  void pubRec(BrokerEvent.PubRec pubRec) {
    Entry entry = byOurs.get(pubRec.packetIdentifier());
    if (entry == null || entry.qos != Qos.TWO || entry.released) {
      return;
    }
    deliver(entry.from, new BrokerEvent.PubRec(entry.theirs, pubRec.returnCode()));
    if (pubRec.returnCode() == ReturnCode.ACCEPTED) {
      release(entry);
    } else {
      end(entry);
    }
  }

  void pubComp(int packetIdentifier) {
    Entry entry = byOurs.get(packetIdentifier);
    if (entry != null && entry.released) {
      end(entry);
      if (entry.completes) {
        deliver(entry.from, new BrokerEvent.PubComp(entry.theirs));
      }
    }
  }

  /** The connection is there; sessions send again what is under way. */
  void connected(boolean sessionPresent) {
    for (Entry entry : List.copyOf(byOurs.values())) {
      boolean isOrphan = !members.containsKey(entry.from);
      if (isOrphan && !(sessionPresent && entry.qos == Qos.TWO)) {
        forget(entry);
      } else if (sessionPresent && (isOrphan || entry.released)) {
        release(entry);
      } else if (!sessionPresent) {
        entry.sent = false;
        entry.released = false;
      }
    }
  }

  /** The connection is gone: what waits here waits in its session too. */
  void lost() {
    turns.clear();
    members.values().forEach(member -> member.waiting.clear());
    byOurs.values().forEach(entry -> entry.waits = false);
  }

  /** Gives out the room that there is, in turn. */
  void sendWaiting() {
    while (window.hasRoom() && !turns.isEmpty()) {
      isTurnOfBacklog = queue != null && !isTurnOfBacklog;
      if (!isTurnOfBacklog || queue == null || !queue.sendNextOfBacklog()) {
        sendNext(turns.remove());
      }
    }
  }

  // --- for the durable queue

  /** Whether a session still waits for its answer. */
  boolean isAwaited(Entry entry) {
    return members.containsKey(entry.from);
  }

  String clientIdOf(Entry entry) {
    Member member = members.get(entry.from);
    return member == null ? "" : member.clientId;
  }

  /** Where an awaited publish comes from; its sequence number is its own from now on. */
  BrokerCommand.Origin originOf(Entry entry) {
    Member member = members.get(entry.from);
    if (member != null && entry.sequence == 0) {
      entry.sequence = nextSequence(member);
    }
    return new BrokerCommand.Origin(clientIdOf(entry), entry.sequence);
  }

  /** The durable queue has a publish from now on, under this packet identifier. */
  void handedOver(Entry entry, int packetIdentifier) {
    entry.queued = true;
    entry.onWire = packetIdentifier;
    Member member = members.get(entry.from);
    if (entry.waits && member != null) {
      entry.waits = false;
      member.waiting.removeIf(publish -> publish.packetIdentifier() == entry.theirs);
      if (member.waiting.isEmpty()) {
        turns.remove(entry.from);
      }
    }
  }

  /**
   * The durable queue answers a session.
   *
   * @param returnCode null when nobody took the publish
   */
  void answered(BrokerLink from, int theirs, Qos qos, @Nullable ReturnCode returnCode) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    if (entry != null) {
      forget(entry);
      if (returnCode == null) {
        deliver(from, new BrokerEvent.NotTaken(theirs));
      } else if (qos == Qos.ONE) {
        deliver(from, new BrokerEvent.PubAck(theirs, returnCode));
      } else {
        deliver(from, new BrokerEvent.PubRec(theirs, returnCode));
      }
    }
  }

  // --- below

  private void forget(Entry entry) {
    entry.over = true;
    byOurs.remove(entry.ours, entry);
    Member member = members.get(entry.from);
    Map<Integer, Entry> underWay = member == null ? orphans.get(entry.from) : member.underWay;
    if (underWay != null && underWay.remove(entry.theirs, entry)) {
      orphans.remove(entry.from, Map.of());
    }
  }

  private Map<Integer, Entry> orphansOf(BrokerLink link) {
    Map<Integer, Entry> sent = orphans.remove(link);
    return sent == null ? new HashMap<>(2) : sent;
  }

  /** Nobody waits for it any more; the broker shall not keep its packet identifier occupied. */
  private void abandon(Entry entry) {
    if (entry.qos == Qos.TWO) {
      release(entry);
    } else {
      forget(entry);
    }
  }

  private void direct(Member member, Entry entry, BrokerCommand.Publish publish) {
    if (window.hasRoom() && member.waiting.isEmpty()) {
      send(member, entry, publish);
    } else {
      if (member.waiting.isEmpty()) {
        turns.add(entry.from);
      }
      entry.waits = true;
      member.waiting.add(publish);
    }
  }

  private Entry newEntry(BrokerLink from, int theirs, Qos qos) {
    Entry entry = new Entry(from, theirs, packetIdentifiers.next(), qos);
    byOurs.put(entry.ours, entry);
    return entry;
  }

  private void send(Member member, Entry entry, BrokerCommand.Publish publish) {
    if (entry.sequence == 0) {
      entry.sequence = nextSequence(member);
    }
    if (window.inherits() && entry.qos == Qos.TWO && !entry.sent) {
      // Or the broker would take it for the message that had this identifier before.
      toBroker.accept(new BrokerCommand.PubRel(entry.ours));
    }
    boolean again = entry.sent;
    entry.sent = true;
    window.sent(entry.ours);
    toBroker.accept(
        publish.overSharedConnection(entry.ours, again, origin(member, entry.sequence)));
  }

  private void release(Entry entry) {
    entry.released = true;
    window.sent(entry.ours);
    toBroker.accept(new BrokerCommand.PubRel(entry.ours));
  }

  private long nextSequence(Member member) {
    member.sequence++;
    highestSequence = Math.max(highestSequence, member.sequence);
    return member.sequence;
  }

  private void end(Entry entry) {
    forget(entry);
    window.acknowledged(entry.ours);
    sendWaiting();
  }

  private void sendNext(BrokerLink from) {
    Member member = members.get(from);
    BrokerCommand.Publish next = member == null ? null : member.waiting.poll();
    Entry entry =
        member == null || next == null ? null : member.underWay.get(next.packetIdentifier());
    if (member != null && next != null && entry != null) {
      entry.waits = false;
      send(member, entry, next);
      if (!member.waiting.isEmpty()) {
        turns.add(from);
      }
    }
  }

  private void deliver(BrokerLink to, BrokerEvent event) {
    toSession.accept(to, event);
  }

  private static BrokerCommand.Origin origin(Member member, long sequence) {
    return new BrokerCommand.Origin(member.clientId, sequence);
  }
}
