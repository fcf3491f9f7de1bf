package mqttsn.gateway.session;

/** What a session knows, written down and read back: {@link SessionRecord}. */
final class SessionMemory {

  /** So many packet identifiers may have been used since the last record was written. */
  private static final int UNRECORDED_PACKET_IDENTIFIERS = 4_096;

  private final SessionContext context;
  private final SessionParts parts;
  private final SessionLife life;

  SessionMemory(SessionContext context, SessionParts parts, SessionLife life) {
    this.context = context;
    this.parts = parts;
    this.life = life;
  }

  /** What this session knows. */
  SessionRecord record(long now) {
    State state = life.state();
    return new SessionRecord(
        context.clientId,
        context.address(),
        state == State.AWAKE ? State.ASLEEP : state,
        life.isCleanSession(),
        parts.keepAlive.durationSeconds(),
        parts.sleep.durationSeconds(),
        parts.keepAlive.silentNanos(now),
        parts.wills.will(),
        parts.topics.normal().snapshot(),
        parts.subscriptions.records(),
        parts.clientPublish.records(),
        parts.clientPublish.completed(),
        parts.gatewayPublish.outstanding(),
        parts.gatewayPublish.waiting(),
        parts.acknowledgements.received(),
        parts.gatewayPublish.lastMsgId(),
        parts.packetIdentifiers.last(),
        parts.wills.leaving());
  }

  /**
   * Goes on where a record ends.
   *
   * @param downNanos how long nobody was there to hear the client
   */
  void restore(SessionRecord session, long downNanos, long now) {
    life.resume(session.state(), session.cleanSession());
    parts.wills.keep(session.will());
    parts.topics.restore(session.topics());
    parts.subscriptions.restore(session.subscriptions());
    parts.clientPublish.restore(session.exchanges(), session.completed(), now);
    parts.acknowledgements.restore(session.received());
    parts.gatewayPublish.restore(session, now);
    parts.packetIdentifiers.startAfter(
        (session.lastPacketIdentifier() + UNRECORDED_PACKET_IDENTIFIERS) & 0xFFFF);
    // SI-41: a client is not silent while nobody listens.
    long awayNanos = life.state().isConnected() ? 0 : downNanos;
    long lastHeard = now - session.silentNanos() - awayNanos;
    parts.keepAlive.begin(session.durationSeconds(), lastHeard);
    if (life.state() == State.ASLEEP) {
      parts.sleep.begin(session.sleepSeconds(), lastHeard);
    }
    context.route.recall(context.link, session);
    parts.wills.restoreLeaving(session.leavingWill(), now);
    life.reconnect(now);
  }
}
