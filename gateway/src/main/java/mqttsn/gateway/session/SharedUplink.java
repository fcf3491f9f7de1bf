package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;

/**
 * The publishes of many sessions over one connection: translates packet identifiers, and shares the
 * broker's receive maximum out among the clients in turn, in order for each of them.
 *
 * <p>A QoS 2 message is released as soon as the broker has it: a client that does not come back
 * with its PUBREL must not occupy a place of the receive maximum.
 */
final class SharedUplink {

  /** A QoS 1 or 2 publish of one session. */
  private static final class Entry {
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

    Entry(BrokerLink from, int theirs, int ours, Qos qos) {
      this.from = from;
      this.theirs = theirs;
      this.ours = ours;
      this.qos = qos;
    }
  }

  private static final class Member {
    final String clientId;
    final Deque<BrokerCommand.Publish> waiting = new ArrayDeque<>(0);
    final Map<Integer, Entry> underWay = new HashMap<>(2);
    long sequence;

    Member(String clientId, long sequence) {
      this.clientId = clientId;
      this.sequence = sequence;
    }
  }

  private final PacketIdentifiers packetIdentifiers;
  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;
  private final Map<BrokerLink, Member> members = new HashMap<>();
  private final Map<Integer, Entry> byOurs = new HashMap<>();

  /**
   * Ours that the broker has not acknowledged on the present connection: what the receive maximum
   * counts.
   */
  private final Set<Integer> unacknowledged = new HashSet<>();

  /** Who waits for room, in turn. */
  private final Deque<BrokerLink> turns = new ArrayDeque<>();

  /** The highest sequence number of all; a client that comes (back) starts above it. */
  private long highestSequence;

  private int receiveMaximum = 0xFFFF;
  private boolean connectedBefore;

  /**
   * Whether the broker's session is that of an earlier process: QoS 2 publishes that nobody
   * released may still occupy packet identifiers.
   */
  private boolean inherits;

  SharedUplink(
      PacketIdentifiers packetIdentifiers,
      long firstSequence,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.packetIdentifiers = packetIdentifiers;
    this.highestSequence = firstSequence;
    this.toBroker = toBroker;
    this.toSession = toSession;
  }

  /** The highest sequence number of a publish so far. */
  long highestSequence() {
    return highestSequence;
  }

  boolean uses(int packetIdentifier) {
    return byOurs.containsKey(packetIdentifier);
  }

  void join(BrokerLink from, String clientId) {
    members.computeIfAbsent(from, link -> new Member(clientId, highestSequence));
  }

  /** The session is over; what the broker still acknowledges of it goes nowhere. */
  void forget(BrokerLink from) {
    Member member = members.remove(from);
    if (member != null) {
      member.underWay.values().stream()
          .filter(entry -> !entry.sent)
          .forEach(entry -> byOurs.remove(entry.ours));
      turns.remove(from);
    }
  }

  /**
   * The packet identifier that the broker knows a session's publish under; 0 when it does not know
   * it.
   */
  int wireIdentifier(BrokerLink from, int theirs) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    return entry == null ? 0 : entry.ours;
  }

  /** An earlier process sent this; the session counts it under the identifier that it had there. */
  void recall(BrokerLink from, SessionRecord.Exchange exchange) {
    Member member = members.get(from);
    int identifier = exchange.packetIdentifier();
    if (member != null && !byOurs.containsKey(identifier)) {
      Entry entry = new Entry(from, identifier, identifier, exchange.publish().qos());
      entry.sent = true;
      entry.released = exchange.phase() != SessionRecord.ExchangePhase.PUBLISHED;
      member.underWay.put(identifier, entry);
      byOurs.put(identifier, entry);
    }
  }

  void publish(BrokerLink from, BrokerCommand.Publish unprefixed, TopicPrefix prefix) {
    Member member = members.get(from);
    if (member == null) {
      return;
    }
    BrokerCommand.Publish publish = unprefixed.withTopicName(prefix.toName(unprefixed.topicName()));
    if (publish.qos() == Qos.ZERO) {
      toBroker.accept(publish.overSharedConnection(0, false, origin(member, nextSequence(member))));
      return;
    }
    int theirs = publish.packetIdentifier();
    Entry entry = member.underWay.get(theirs);
    if (entry == null || (entry.sent && !publish.dup())) {
      entry = newEntry(from, theirs, publish.qos());
      member.underWay.put(theirs, entry);
    }
    if (entry.waits || unacknowledged.contains(entry.ours)) {
      return; // on its way over this connection
    }
    if (unacknowledged.size() < receiveMaximum && member.waiting.isEmpty()) {
      send(member, entry, publish);
    } else {
      if (member.waiting.isEmpty()) {
        turns.add(from);
      }
      entry.waits = true;
      member.waiting.add(publish);
    }
  }

  void pubRel(BrokerLink from, int theirs) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    if (entry == null) {
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
    if (entry == null || entry.qos != Qos.TWO) {
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
  void connected(int newReceiveMaximum, boolean sessionPresent) {
    receiveMaximum = newReceiveMaximum;
    inherits = sessionPresent && (inherits || !connectedBefore);
    connectedBefore = true;
    for (Entry entry : List.copyOf(byOurs.values())) {
      boolean isOrphan = !members.containsKey(entry.from);
      if (sessionPresent && (entry.released || (isOrphan && entry.qos == Qos.TWO))) {
        release(entry);
      } else if (isOrphan) {
        byOurs.remove(entry.ours);
      } else if (!sessionPresent) {
        entry.sent = false;
        entry.released = false;
      }
    }
  }

  /** The connection is gone: what waits here waits in its session too. */
  void lost() {
    unacknowledged.clear();
    turns.clear();
    members.values().forEach(member -> member.waiting.clear());
    byOurs.values().forEach(entry -> entry.waits = false);
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
    if (inherits && entry.qos == Qos.TWO && !entry.sent) {
      // Or the broker would take it for the message that had this identifier before.
      toBroker.accept(new BrokerCommand.PubRel(entry.ours));
    }
    boolean again = entry.sent;
    entry.sent = true;
    unacknowledged.add(entry.ours);
    toBroker.accept(
        publish.overSharedConnection(entry.ours, again, origin(member, entry.sequence)));
  }

  private void release(Entry entry) {
    entry.released = true;
    unacknowledged.add(entry.ours);
    toBroker.accept(new BrokerCommand.PubRel(entry.ours));
  }

  private long nextSequence(Member member) {
    member.sequence++;
    highestSequence = Math.max(highestSequence, member.sequence);
    return member.sequence;
  }

  private void end(Entry entry) {
    byOurs.remove(entry.ours);
    unacknowledged.remove(entry.ours);
    Member member = members.get(entry.from);
    if (member != null) {
      member.underWay.remove(entry.theirs, entry);
    }
    sendWaiting();
  }

  private void sendWaiting() {
    while (unacknowledged.size() < receiveMaximum && !turns.isEmpty()) {
      BrokerLink from = turns.remove();
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
  }

  private void deliver(BrokerLink to, BrokerEvent event) {
    toSession.accept(to, event);
  }

  private static BrokerCommand.Origin origin(Member member, long sequence) {
    return new BrokerCommand.Origin(member.clientId, sequence);
  }
}
