package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Settings.QueueAck;

/**
 * Which publishes of one shared connection go into the durable queue, and when.
 *
 * <p>With {@code ack: first} a QoS 1 publish goes to the broker directly as long as the connection
 * takes publishes and nothing of its client is in the queue. What the broker does not acknowledge
 * soon, or has not acknowledged when the connection is lost, comes into the queue with the packet
 * identifier that it has; together with all that its client published behind it. QoS 2 always takes
 * the way through the queue: only the disk knows after a crash what the broker has.
 */
final class QueuedPublishes {

  /** How long the broker has before the disk acknowledges in its place. */
  private static final long PATIENCE_NANOS = Time.SECOND / 10;

  /** What is nearly due goes together with what is due. */
  private static final long DUE_SOON_NANOS = PATIENCE_NANOS / 4;

  private final SharedUplink uplink;
  private final QueuedUplink backlog;
  private final Origins origins;
  private final ReceiveWindow window;
  private final Outbox out;

  /** Publishes that the broker has, or is about to get, and nobody else; the oldest first. */
  private final Deque<UplinkExchange> direct = new ArrayDeque<>();

  QueuedPublishes(
      SharedUplink uplink,
      QueuedUplink backlog,
      Origins origins,
      ReceiveWindow window,
      Outbox out) {
    this.uplink = uplink;
    this.backlog = backlog;
    this.origins = origins;
    this.window = window;
    this.out = out;
  }

  /**
   * QoS 0 or -1: whether it is not to be sent now.
   *
   * @param publish with its origin, or without one (QoS -1)
   */
  boolean takesUnacknowledged(BrokerCommand.Publish publish) {
    boolean waitsBehindOthers = settings().qosZero() && backlog.waits(publish.clientId());
    if (window.takesPublishes() && !waitsBehindOthers) {
      return false;
    }
    if (!settings().qosZero()) {
      out.add(Action.Drop.BROKER_AWAY);
    } else if (backlog.enqueue(publish, null, 0) == QueuedUplink.NO_ROOM) {
      out.add(Action.Drop.QUEUE_FULL);
    }
    return true;
  }

  /**
   * QoS 1 or 2 that is not under way here: whether it is not to be sent directly.
   *
   * @param publish with DUP if the session may have sent it before
   * @param isWill whether it is the will of a lost client
   */
  boolean takes(
      UplinkExchange entry, BrokerCommand.Publish publish, String clientId, boolean isWill) {
    if (settings().ack() == QueueAck.BROKER) {
      return takesForBroker(entry, isWill);
    }
    if (publish.dup() && backlog.recognises(clientId, publish, entry.ours)) {
      uplink.answered(entry.from, entry.theirs, entry.qos, ReturnCode.ACCEPTED);
    } else if (window.isUp() && !window.admits(publish)) {
      uplink.answered(entry.from, entry.theirs, entry.qos, ReturnCode.NOT_SUPPORTED);
    } else if (settings().ack() == QueueAck.FIRST
        && entry.qos == Qos.ONE
        && window.takesPublishes()
        && !backlog.holds(clientId)) {
      watch(entry);
      return false;
    } else if (!enqueue(entry)) {
      refuse(entry);
    }
    return true;
  }

  /** Whether sessions hold what they have under way, and send it again over the next connection. */
  boolean leavesWaitingToSessions() {
    return backlog.leavesWaitingToSessions();
  }

  /** Takes one message of the backlog to the broker, if there is one that may go. */
  boolean sendNextOfBacklog() {
    return backlog.sendNext();
  }

  /** When the broker has had its time; {@link Time#NEVER} if nothing waits for it. */
  long deadline() {
    while (!direct.isEmpty() && isOver(direct.getFirst())) {
      direct.removeFirst();
    }
    return direct.isEmpty() ? Time.NEVER : direct.getFirst().publishedAt + PATIENCE_NANOS;
  }

  /** What the broker did not acknowledge in time comes into the queue. */
  void timeout() {
    long now = backlog.queue().now();
    if (now < deadline()) {
      return;
    }
    Set<BrokerLink> due = new HashSet<>();
    for (UplinkExchange entry : direct) {
      if (!isOver(entry) && entry.publishedAt <= now - PATIENCE_NANOS + DUE_SOON_NANOS) {
        due.add(entry.from);
      }
    }
    spill(entry -> due.contains(entry.from), true);
  }

  /** The connection is gone, and with it what was to come from the broker. */
  void lost() {
    spill(entry -> true, false);
  }

  private Settings.Queue settings() {
    return backlog.queue().settings();
  }

  private boolean takesForBroker(UplinkExchange entry, boolean isWill) {
    if (window.isUp()) {
      if (isWill) {
        watch(entry);
      }
      return false;
    }
    if (isWill && !enqueue(entry)) {
      refuse(entry);
    }
    return true; // any other is sent again by its session
  }

  private void watch(UplinkExchange entry) {
    entry.publishedAt = backlog.queue().now();
    direct.add(entry);
  }

  private boolean isOver(UplinkExchange entry) {
    return entry.over || entry.queued || entry.released || !uplink.isAwaited(entry);
  }

  private void spill(Predicate<UplinkExchange> which, boolean brokerMayAnswer) {
    int watched = direct.size();
    for (int i = 0; i < watched; i++) {
      UplinkExchange entry = direct.removeFirst();
      if (isOver(entry)) {
        continue;
      }
      if (!which.test(entry)) {
        direct.add(entry);
      } else if (!enqueue(entry)) {
        if (brokerMayAnswer && entry.sent) {
          watch(entry);
        } else {
          refuse(entry);
        }
      }
    }
  }

  private boolean enqueue(UplinkExchange entry) {
    BrokerCommand.Publish publish = entry.publish;
    if (publish == null || !backlog.hasRoomFor(origins.clientIdOf(entry.from), publish)) {
      return false; // and no sequence number is used up
    }
    BrokerCommand.Publish toSend =
        publish.overSharedConnection(entry.sent ? entry.ours : 0, false, origins.of(entry));
    int packetIdentifier = backlog.enqueue(toSend, entry.from, entry.theirs);
    boolean hasRoom = packetIdentifier != QueuedUplink.NO_ROOM;
    if (hasRoom) {
      uplink.handedOver(entry, packetIdentifier);
    }
    return hasRoom;
  }

  private void refuse(UplinkExchange entry) {
    out.add(Action.Refusal.QUEUE_FULL);
    uplink.handedOver(entry, entry.ours);
    boolean mayBeKnown = entry.qos == Qos.TWO && entry.sent;
    if (!mayBeKnown || !uplink.deferred(entry.from, entry.theirs, entry.ours)) {
      uplink.answered(entry.from, entry.theirs, entry.qos, null);
    }
  }
}
