package mqttsn.gateway.session;

import java.util.Objects;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * The session's view of its broker link: whether it is up, what the broker allows, and how long its
 * loss is borne.
 *
 * <p>A lost broker connection is not a lost client: for the grace the link is restored behind the
 * client's back (SI-30).
 */
final class Uplink {

  private enum Phase {
    CLOSED,
    OPENING,
    UP,
    RESTORING
  }

  private final SessionContext context;
  private Phase phase = Phase.CLOSED;
  private BrokerLimits limits = BrokerLimits.MQTT_3_1_1;
  private boolean congested;
  private boolean closesWhenUp;
  private boolean wasUp;
  private boolean inherits;

  /** The will that the CONNECT of the present connection carries. */
  private @Nullable Will carriedWill;

  private boolean cleanSession;
  private long graceEnds = Time.NEVER;

  Uplink(SessionContext context) {
    this.context = context;
  }

  boolean isUp() {
    return phase == Phase.UP;
  }

  boolean isOpening() {
    return phase == Phase.OPENING;
  }

  boolean isRestoring() {
    return phase == Phase.RESTORING;
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  /** Whether a publish may be handed to the connection now. */
  boolean takesPublishes() {
    return isUp() && !congested;
  }

  BrokerLimits limits() {
    return limits;
  }

  /**
   * When the loss of the connection is no longer borne; {@link Time#NEVER} while it is not lost.
   */
  long graceEnds() {
    return graceEnds;
  }

  /** Opens the link for a CONNECT of the client. */
  void open(boolean cleanSession, @Nullable Will will) {
    close();
    this.cleanSession = cleanSession;
    phase = Phase.OPENING;
    context.route.open(context.link, connect(cleanSession, will, BrokerConnect.Attempts.ONE_ROUND));
  }

  /** Goes on where a record ends: the broker's session is to be found again. */
  void resume(boolean wasCleanSession, @Nullable Will will, long now) {
    cleanSession = wasCleanSession;
    wasUp = true;
    restore(will, now);
  }

  /** The connection is gone: restores it, and bears its absence for the grace from now on. */
  void restore(@Nullable Will will, long now) {
    graceEnds = Time.after(now, context.settings().broker().graceNanos());
    reopen(will);
  }

  /**
   * Replaces the connection, if it carries another will than this, by one that carries it; the
   * broker's session goes on.
   */
  void carry(@Nullable Will will, long now) {
    if (isUp() && !context.route.isShared() && !Objects.equals(carriedWill, will)) {
      context.route.close(context.link, Action.Farewell.KEEP_SESSION);
      restore(will, now);
    }
  }

  void connected(BrokerLimits brokerLimits, boolean sessionPresent) {
    phase = Phase.UP;
    // A shared connection looks after its packet identifiers itself.
    inherits = sessionPresent && (inherits || !wasUp) && !context.route.isShared();
    wasUp = true;
    limits = brokerLimits;
    congested = false;
    graceEnds = Time.NEVER;
    if (closesWhenUp) {
      // A session that the broker has only just made has no subscriptions, and must not be taken
      // for the old one when the client comes back.
      close(cleanSession || !sessionPresent);
    }
  }

  void congestion(boolean isCongested) {
    congested = isCongested;
  }

  /** No connection came about, or the grace is over. */
  void failed() {
    phase = Phase.CLOSED;
    graceEnds = Time.NEVER;
    closesWhenUp = false;
  }

  /** Ends the link, but not the broker's session: another process goes on with it. */
  void handOver() {
    if (phase != Phase.CLOSED) {
      context.route.close(context.link, Action.Farewell.KEEP_SESSION);
    }
    failed();
  }

  /**
   * Whether the broker's session is older than what this gateway knows of it: publishes with QoS 2
   * that nobody released may still occupy packet identifiers.
   */
  boolean inherits() {
    return inherits;
  }

  /** Ends the link; the broker keeps its session only for a client without CleanSession. */
  void close() {
    close(cleanSession);
  }

  /**
   * Ends the link of a client that connects anew. Over a shared connection, where the broker's
   * session goes on, its publishes do too.
   */
  void closeToReopen() {
    close(cleanSession && !context.route.isShared());
  }

  private void close(boolean forGood) {
    if (phase != Phase.CLOSED) {
      context.route.close(
          context.link, forGood ? Action.Farewell.END_SESSION : Action.Farewell.KEEP_SESSION);
    }
    failed();
  }

  /**
   * Ends the link of a client that said goodbye. Where the connection is just being restored, the
   * broker has to be told first, or its copy of the will would be published.
   */
  void closeInGoodOrder() {
    if (isRestoring() && carriedWill != null) {
      closesWhenUp = true;
    } else {
      close();
    }
  }

  /** Whether the broker takes a publish of this kind at all. */
  boolean admits(Qos qos, boolean retain, String topicName, int payloadBytes) {
    return limits.admits(qos, retain, topicName, payloadBytes);
  }

  private void reopen(@Nullable Will will) {
    phase = Phase.RESTORING;
    congested = false;
    context.route.open(context.link, connect(false, will, BrokerConnect.Attempts.UNTIL_CLOSED));
  }

  /** MQTT CONNECT; the session expires as SI-31 has it. */
  private BrokerConnect connect(
      boolean cleanStart, @Nullable Will will, BrokerConnect.Attempts attempts) {
    Settings settings = context.settings();
    carriedWill = will;
    long graceSeconds = Math.max(1, settings.broker().graceNanos() / Time.SECOND);
    return new BrokerConnect(
        context.clientId,
        cleanStart,
        !cleanSession,
        cleanSession ? graceSeconds : settings.sessions().expiryNanos() / Time.SECOND,
        Math.min(65_535, settings.sessions().bufferMessages()),
        will,
        graceSeconds,
        attempts);
  }
}
