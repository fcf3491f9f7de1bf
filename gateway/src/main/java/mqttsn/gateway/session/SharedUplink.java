package mqttsn.gateway.session;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of many sessions over one connection: translates packet identifiers, and knows how
 * far each exchange is. {@link UplinkSending} shares the broker's receive maximum out among the
 * clients in turn, in order for each of them.
 *
 * <p>A QoS 2 message is released as soon as the broker has it: a client that does not come back
 * with its PUBREL must not occupy a place of the receive maximum.
 *
 * <p>With a durable queue, {@link QueuedPublishes} decides first which way a publish takes, and the
 * backlog is one more party that waits for its turn.
 */
final class SharedUplink implements UplinkParty, QueueExit.Waiters {

  private final PacketIdentifiers packetIdentifiers;
  private final ReceiveWindow window;
  private final PoisonTrial trial;
  private final Origins origins;
  private final Consumer<BrokerCommand> toBroker;
  private final BiConsumer<BrokerLink, BrokerEvent> toSession;
  private final UplinkExchanges exchanges = new UplinkExchanges();
  private final UplinkSending sending;

  /** The durable queue; null without one. */
  private @Nullable QueuedPublishes queue;

  /** Whether it is the turn of the queue's backlog. */
  private boolean isTurnOfBacklog;

  SharedUplink(
      PacketIdentifiers packetIdentifiers,
      ReceiveWindow window,
      PoisonTrial trial,
      ClearedIdentifiers cleared,
      Origins origins,
      Consumer<BrokerCommand> toBroker,
      BiConsumer<BrokerLink, BrokerEvent> toSession) {
    this.packetIdentifiers = packetIdentifiers;
    this.window = window;
    this.trial = trial;
    this.origins = origins;
    this.toBroker = toBroker;
    this.toSession = toSession;
    this.sending = new UplinkSending(window, trial, cleared, origins, toBroker, toSession);
  }

  /** Publishes may go through the durable queue. */
  void use(QueuedPublishes durableQueue) {
    queue = durableQueue;
  }

  @Override
  public boolean uses(int packetIdentifier) {
    return exchanges.byOurs(packetIdentifier) != null;
  }

  void join(BrokerLink from, String clientId) {
    exchanges.join(from);
    origins.join(from, clientId);
  }

  /** The session is over; what the broker still acknowledges of it goes nowhere. */
  void forget(BrokerLink from) {
    releaseDeferred(from);
    exchanges.leave(from);
    origins.forget(from);
    sending.forget(from);
  }

  /** The session does not come back to what was deferred. */
  void releaseDeferred(BrokerLink from) {
    exchanges.of(from).stream().filter(entry -> entry.deferred).forEach(sending::release);
  }

  /**
   * The packet identifier that the broker may know a session's publish under; 0 when it cannot know
   * it yet.
   */
  int wireIdentifier(BrokerLink from, int theirs) {
    UplinkExchange entry = exchanges.of(from, theirs);
    return entry == null || !entry.mayBeKnown ? 0 : entry.onWire;
  }

  /** An earlier process sent this; the session counts it under the identifier that it had there. */
  void recall(BrokerLink from, SessionRecord.Exchange exchange) {
    int identifier = exchange.packetIdentifier();
    if (exchanges.has(from) && identifier != 0 && !uses(identifier)) {
      UplinkExchange entry =
          new UplinkExchange(this, from, identifier, identifier, exchange.publish().qos());
      entry.sent = true;
      entry.mayBeKnown = true;
      entry.released = exchange.phase() != SessionRecord.ExchangePhase.PUBLISHED;
      exchanges.add(entry);
    }
  }

  /**
   * A publish of a session.
   *
   * @param isWill whether it is the will of a lost client
   * @return false if it is refused, because all packet identifiers are in use
   */
  boolean publish(
      BrokerLink from, BrokerCommand.Publish unprefixed, boolean isWill, TopicPrefix prefix) {
    if (!exchanges.has(from)) {
      return true;
    }
    BrokerCommand.Publish publish = unprefixed.withTopicName(prefix.toName(unprefixed.topicName()));
    if (publish.qos() == Qos.ZERO) {
      BrokerCommand.Publish toSend = publish.overSharedConnection(0, false, origins.next(from));
      if (queue == null || !queue.takesUnacknowledged(toSend)) {
        toBroker.accept(toSend);
      }
      return true;
    }
    int theirs = publish.packetIdentifier();
    UplinkExchange entry = exchanges.of(from, theirs);
    if (entry != null && (entry.waits || entry.queued || window.isUnacknowledged(entry.ours))) {
      return true; // on its way
    }
    if (entry != null && entry.sent && !publish.dup()) {
      abandon(entry);
      entry = null;
    }
    if (entry == null) {
      int ours = packetIdentifiers.next();
      if (ours == PacketIdentifiers.NONE) {
        return false;
      }
      entry = new UplinkExchange(this, from, theirs, ours, publish.qos());
      exchanges.add(entry);
    }
    entry.publish = publish;
    entry.deferred = false;
    if (queue == null || !queue.takes(entry, publish, origins.clientIdOf(from), isWill)) {
      sending.begin(entry, publish);
    }
    return true;
  }

  void pubRel(BrokerLink from, int theirs) {
    UplinkExchange entry = exchanges.of(from, theirs);
    if (entry == null || entry.queued) {
      deliver(from, new BrokerEvent.PubComp(theirs));
      return;
    }
    entry.completes = true;
    if (entry.deferred) {
      sending.release(entry);
    }
    endIfForgotten(entry);
  }

  @Override
  public void pubAck(BrokerEvent.PubAck pubAck) {
    UplinkExchange entry = exchanges.byOurs(pubAck.packetIdentifier());
    if (entry != null && entry.qos == Qos.ONE) {
      window.acknowledged();
      end(entry);
      deliver(entry.from, new BrokerEvent.PubAck(entry.theirs, pubAck.returnCode()));
    }
  }

  @Override
  public void pubRec(BrokerEvent.PubRec pubRec) {
    UplinkExchange entry = exchanges.byOurs(pubRec.packetIdentifier());
    if (entry == null || entry.qos != Qos.TWO || entry.released) {
      return;
    }
    window.taken();
    deliver(entry.from, new BrokerEvent.PubRec(entry.theirs, pubRec.returnCode()));
    if (pubRec.returnCode() == ReturnCode.ACCEPTED) {
      sending.release(entry);
    } else {
      end(entry);
    }
  }

  @Override
  public void pubComp(int packetIdentifier) {
    UplinkExchange entry = exchanges.byOurs(packetIdentifier);
    if (entry == null) {
      // PUBREL was sent for a session that is over, or has gone on without it.
      window.forget(packetIdentifier);
      sendWaiting();
    } else if (entry.clears) {
      sending.clear(entry);
      sendWaiting();
    } else if (entry.released) {
      window.completed();
      end(entry);
      if (entry.completes) {
        deliver(entry.from, new BrokerEvent.PubComp(entry.theirs));
      }
    }
  }

  /** The connection is there; sessions send again what is under way. */
  void connected(boolean sessionPresent) {
    for (UplinkExchange entry : exchanges.all()) {
      boolean isAbandoned = exchanges.of(entry.from, entry.theirs) != entry;
      if (isAbandoned && !(sessionPresent && entry.qos == Qos.TWO)) {
        exchanges.remove(entry);
      } else if (sessionPresent && (isAbandoned || entry.released)) {
        sending.release(entry);
      } else if (!sessionPresent) {
        entry.sent = false;
        entry.released = false;
        endIfForgotten(entry);
      }
    }
  }

  /** The connection is gone: what waits here waits in its session too. */
  void lost() {
    sending.lost();
    for (UplinkExchange entry : exchanges.all()) {
      entry.waits = false;
      if (entry.clears) {
        // Its session sends it again, under another packet identifier: perhaps the broker does not
        // bear PUBREL for this one.
        exchanges.remove(entry);
      }
    }
  }

  /** Gives out the room that there is, in turn. */
  void sendWaiting() {
    while (window.hasRoom() && sending.isAnyReady()) {
      isTurnOfBacklog = queue != null && !isTurnOfBacklog;
      if (!isTurnOfBacklog || queue == null || !queue.sendNextOfBacklog()) {
        sending.sendNext();
      }
    }
  }

  // --- while a message is on trial

  @Override
  public void release() {
    sending.releaseHeld();
  }

  @Override
  public void candidates(Consumer<Suspect> each) {
    sending.candidates(each);
  }

  UplinkSending sending() {
    return sending;
  }

  /** The broker closes the connection because of it: it goes no further. */
  void condemn(UplinkExchange entry) {
    sending.withdraw(entry);
    exchanges.remove(entry);
    if (!entry.released) {
      if (entry.qos == Qos.TWO) {
        toBroker.accept(new BrokerCommand.PubRel(entry.ours)); // it may have it
      }
      deliver(entry.from, new BrokerEvent.NotTaken(entry.theirs, ReturnCode.NOT_SUPPORTED));
    } else {
      trial.unusable(entry.ours);
      if (entry.completes) {
        deliver(entry.from, new BrokerEvent.PubComp(entry.theirs));
      }
    }
  }

  // --- for the durable queue

  /** Whether a session still waits for its answer. */
  boolean isAwaited(UplinkExchange entry) {
    return exchanges.has(entry.from);
  }

  String clientIdOf(UplinkExchange entry) {
    return origins.clientIdOf(entry.from);
  }

  /** The durable queue has a publish from now on, under this packet identifier. */
  void handedOver(UplinkExchange entry, int packetIdentifier) {
    entry.queued = true;
    entry.onWire = packetIdentifier;
    sending.clear(entry);
    sending.withdraw(entry);
  }

  @Override
  public void answered(BrokerLink from, int theirs, Qos qos, @Nullable ReturnCode returnCode) {
    UplinkExchange entry = exchanges.of(from, theirs);
    if (entry != null) {
      exchanges.remove(entry);
      if (returnCode == null) {
        deliver(from, new BrokerEvent.NotTaken(theirs));
      } else if (qos == Qos.ONE) {
        deliver(from, new BrokerEvent.PubAck(theirs, returnCode));
      } else {
        deliver(from, new BrokerEvent.PubRec(theirs, returnCode));
      }
    }
  }

  @Override
  public boolean deferred(BrokerLink from, int theirs, int packetIdentifier) {
    UplinkExchange entry = exchanges.of(from, theirs);
    if (entry == null || (entry.ours != packetIdentifier && uses(packetIdentifier))) {
      return false;
    }
    exchanges.remove(entry);
    UplinkExchange kept = new UplinkExchange(this, from, theirs, packetIdentifier, entry.qos);
    kept.publish = entry.publish;
    kept.origin = entry.origin;
    kept.sent = true;
    kept.mayBeKnown = true;
    kept.deferred = true;
    exchanges.add(kept);
    deliver(from, new BrokerEvent.Deferred(theirs));
    return true;
  }

  // --- below

  /** Whether sessions are told of a new connection, and send again what they have under way. */
  private boolean isHeldBySessions() {
    return queue == null || queue.leavesWaitingToSessions();
  }

  /** Nobody waits for it any more; the broker shall not keep its packet identifier occupied. */
  private void abandon(UplinkExchange entry) {
    if (entry.qos == Qos.TWO) {
      sending.release(entry);
    } else {
      exchanges.remove(entry);
    }
  }

  /** The broker has forgotten what the client has released, and nobody would send it again. */
  private void endIfForgotten(UplinkExchange entry) {
    if (entry.completes && !entry.sent && !isHeldBySessions()) {
      exchanges.remove(entry);
      deliver(entry.from, new BrokerEvent.PubComp(entry.theirs));
    }
  }

  private void end(UplinkExchange entry) {
    exchanges.remove(entry);
    window.forget(entry.ours);
    sendWaiting();
  }

  private void deliver(BrokerLink to, BrokerEvent event) {
    toSession.accept(to, event);
  }
}
