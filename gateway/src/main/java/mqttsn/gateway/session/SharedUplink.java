package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of many sessions over one connection: translates packet identifiers, and shares the
 * broker's receive maximum out among the clients in turn, in order for each of them.
 */
final class SharedUplink {

  /** A QoS 1 or 2 publish of one session. */
  private static final class Entry {
    final BrokerLink from;
    final int theirs;
    final long sequence;

    /** The packet identifier toward the broker; 0 while the broker knows nothing of it. */
    int ours;

    Entry(BrokerLink from, int theirs, long sequence) {
      this.from = from;
      this.theirs = theirs;
      this.sequence = sequence;
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
      member
          .underWay
          .values()
          .forEach(
              entry -> {
                if (entry.ours != 0 && !unacknowledged.contains(entry.ours)) {
                  byOurs.remove(entry.ours);
                }
              });
      turns.remove(from);
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
    } else if (unacknowledged.size() < receiveMaximum && member.waiting.isEmpty()) {
      send(from, member, publish);
    } else {
      if (member.waiting.isEmpty()) {
        turns.add(from);
      }
      member.waiting.add(publish);
    }
  }

  void pubRel(BrokerLink from, int theirs) {
    Member member = members.get(from);
    Entry entry = member == null ? null : member.underWay.get(theirs);
    if (entry == null || entry.ours == 0) {
      deliver(from, new BrokerEvent.PubComp(theirs));
    } else {
      unacknowledged.add(entry.ours);
      toBroker.accept(new BrokerCommand.PubRel(entry.ours));
    }
  }

  void pubAck(BrokerEvent.PubAck pubAck) {
    Entry entry = end(pubAck.packetIdentifier());
    if (entry != null) {
      deliver(entry.from, new BrokerEvent.PubAck(entry.theirs, pubAck.returnCode()));
    }
  }

  void pubRec(BrokerEvent.PubRec pubRec) {
    Entry entry =
        pubRec.returnCode() == ReturnCode.ACCEPTED
            ? byOurs.get(pubRec.packetIdentifier())
            : end(pubRec.packetIdentifier());
    if (entry == null) {
      return;
    }
    if (members.containsKey(entry.from)) {
      deliver(entry.from, new BrokerEvent.PubRec(entry.theirs, pubRec.returnCode()));
    } else if (pubRec.returnCode() == ReturnCode.ACCEPTED) {
      // The session is over; the broker shall have its message all the same.
      toBroker.accept(new BrokerCommand.PubRel(entry.ours));
    }
  }

  void pubComp(int packetIdentifier) {
    Entry entry = end(packetIdentifier);
    if (entry != null) {
      deliver(entry.from, new BrokerEvent.PubComp(entry.theirs));
    }
  }

  /** The connection is there; sessions send again what is under way. */
  void connected(int newReceiveMaximum, boolean sessionPresent) {
    receiveMaximum = newReceiveMaximum;
    if (!sessionPresent) {
      byOurs.values().forEach(entry -> entry.ours = 0);
      byOurs.clear();
    }
  }

  /** The connection is gone: what waits here waits in its session too. */
  void lost() {
    unacknowledged.clear();
    turns.clear();
    members.values().forEach(member -> member.waiting.clear());
    byOurs.values().removeIf(entry -> !members.containsKey(entry.from));
  }

  private void send(BrokerLink from, Member member, BrokerCommand.Publish publish) {
    int theirs = publish.packetIdentifier();
    Entry entry = member.underWay.get(theirs);
    if (entry == null) {
      entry = new Entry(from, theirs, nextSequence(member));
      member.underWay.put(theirs, entry);
    }
    boolean again = entry.ours != 0;
    if (!again) {
      entry.ours = packetIdentifiers.next();
      byOurs.put(entry.ours, entry);
    }
    unacknowledged.add(entry.ours);
    toBroker.accept(
        publish.overSharedConnection(entry.ours, again, origin(member, entry.sequence)));
  }

  private long nextSequence(Member member) {
    member.sequence++;
    highestSequence = Math.max(highestSequence, member.sequence);
    return member.sequence;
  }

  private @Nullable Entry end(int packetIdentifier) {
    Entry entry = byOurs.remove(packetIdentifier);
    unacknowledged.remove(packetIdentifier);
    if (entry != null) {
      Member member = members.get(entry.from);
      if (member != null) {
        member.underWay.remove(entry.theirs);
      }
    }
    sendWaiting();
    return entry;
  }

  private void sendWaiting() {
    while (unacknowledged.size() < receiveMaximum && !turns.isEmpty()) {
      BrokerLink from = turns.remove();
      Member member = members.get(from);
      BrokerCommand.Publish next = member == null ? null : member.waiting.poll();
      if (member != null && next != null) {
        send(from, member, next);
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
