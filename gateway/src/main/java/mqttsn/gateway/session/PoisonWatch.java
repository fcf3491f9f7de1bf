package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * Finds a message because of which the broker closes the connection, each time that it gets it: the
 * PUBLISH, or with QoS 2 the PUBREL. It must never take an outage or a flapping network for that:
 *
 * <ol>
 *   <li>Suspected is what was sent first over a connection that was lost soon after, without an
 *       acknowledgement of anything.
 *   <li>When that happened to the same message twice in a row, it is sent alone, over connections
 *       that have been up for as long as "soon" is.
 *   <li>When the connection was lost so for {@link #MOST_LOSSES} times in a row, the message stays
 *       aside, and another one is sent. Only if the broker acknowledges that one, the first is to
 *       blame; if the connection is lost again, it is not.
 *   <li>While there is no other, the connection stays quiet for much longer. Then the message is
 *       sent alone once more. If the connection is lost again, it is to blame, unless the durable
 *       queue has it: that one its client counts on, and it holds back nobody. It is tried again,
 *       more and more seldom.
 * </ol>
 *
 * <p>Whatever else happens acquits: an acknowledgement, a connection that is lost later or before
 * the message was sent, no answer at all.
 */
final class PoisonWatch {

  /** So many connections a message has to cost. */
  static final int MOST_LOSSES = 5;

  /** So many of them while others are sent behind it. */
  private static final int LOSSES_IN_COMPANY = 2;

  /** A connection that is lost later than that after a message was lost for another reason. */
  private static final long SOON_NANOS = 5 * Time.SECOND;

  /** For so long a connection is quiet before the suspect is tried for want of another message. */
  private static final long QUIET_NANOS = 30 * Time.SECOND;

  /** That time is doubled each time, so often. */
  private static final int MOST_DOUBLINGS = 7;

  private @Nullable Suspect suspect;
  private int losses;
  private long connectedAt;

  /** What was sent first over the present connection; null for nothing. */
  private @Nullable Suspect firstSent;

  private long firstSentAt;

  /** Senders whose messages did no better since the broker acknowledged anything. */
  private final Set<Object> tried = new HashSet<>();

  /** Whether nothing but one message may be sent. */
  boolean isAlone() {
    return isOnTrial() && !isAside();
  }

  /** Whether another message is to be sent in place of one that is suspected. */
  boolean isAside() {
    return isOnTrial() && losses >= MOST_LOSSES && firstSent != suspect;
  }

  private boolean isOnTrial() {
    return isSuspected() && losses >= LOSSES_IN_COMPANY;
  }

  private boolean isSuspected() {
    return suspect != null && !suspect.isOver();
  }

  /** Whether PUBREL for this message has to wait; it goes beside a PUBLISH that is suspected. */
  boolean holdsRelease(Suspect released) {
    return isOnTrial() && isReleaseSuspected() && released != firstSent;
  }

  private boolean isReleaseSuspected() {
    return suspect != null && suspect.isReleased();
  }

  /** The message that is to be sent alone now, unless it was; null for none, or not yet. */
  @Nullable Suspect dueAlone(long now) {
    return isOnTrial() && now - connectedAt >= quietNanos() ? suspect : null;
  }

  private long quietNanos() {
    return losses < MOST_LOSSES
        ? SOON_NANOS
        : QUIET_NANOS << Math.min(losses - MOST_LOSSES, MOST_DOUBLINGS);
  }

  /** When {@link #dueAlone} or {@link #passed} is to be asked; {@link Time#NEVER} for never. */
  long deadline() {
    if (!isOnTrial()) {
      return Time.NEVER;
    }
    return firstSent == null ? connectedAt + quietNanos() : firstSentAt + SOON_NANOS;
  }

  /** Whether a message was sent over the present connection. */
  boolean hasSent() {
    return firstSent != null;
  }

  /** How many connections in a row the suspect has cost. */
  int losses() {
    return losses;
  }

  /** The one of two that tells more when it is sent in place of the suspect; null for neither. */
  @Nullable Suspect better(@Nullable Suspect one, Suspect other) {
    if (other == suspect || !other.isReady() || other.qos() == Qos.ZERO) {
      return one;
    }
    return one == null || rank(other) < rank(one) ? other : one;
  }

  private int rank(Suspect other) {
    boolean isTried = tried.contains(other.sender());
    boolean isSameTopic = suspect != null && Objects.equals(other.topicName(), suspect.topicName());
    return (isTried ? 4 : 0)
        + (isReleaseSuspected() && other.qos() != Qos.TWO ? 2 : 0)
        + (isSameTopic ? 1 : 0);
  }

  // --- what happens

  /** The connection is there. */
  void connected(long now) {
    connectedAt = now;
  }

  /** PUBLISH or PUBREL was sent. */
  void sent(Suspect item, long now) {
    boolean isBeside = isOnTrial() && item.isReleased() && !isReleaseSuspected();
    if (firstSent == null && !isBeside) {
      firstSent = item;
      firstSentAt = now;
    }
  }

  /**
   * What the broker acknowledged over the present connection.
   *
   * @param taken whether there was PUBACK or PUBREC
   * @param completed whether there was PUBACK or PUBCOMP
   * @return the message that is to blame; null for none
   */
  @Nullable Suspect acknowledged(boolean taken, boolean completed) {
    // Another PUBREC says nothing about PUBREL, and another PUBCOMP nothing about PUBLISH.
    boolean isProof = isReleaseSuspected() ? completed : taken;
    Suspect poison = isAside() && isProof ? suspect : null;
    if (isProof || (taken && !isAside())) {
      acquit();
      tried.clear();
    }
    return poison;
  }

  /** The message that is to blame although no other stands against it; null for none. */
  @Nullable Suspect incorrigible() {
    Suspect only = losses > MOST_LOSSES ? suspect : null;
    return only != null && !only.isInQueue() && only.isReady() ? only : null;
  }

  /** Time has passed: no answer within the time that a loss would count in acquits too. */
  void passed(long now) {
    if (isOnTrial() && firstSent != null && now - firstSentAt >= SOON_NANOS) {
      acquit();
    }
  }

  /**
   * A connection is gone that was there.
   *
   * @param taken as {@link #acknowledged}
   * @param completed as {@link #acknowledged}
   * @param owesOthers whether the broker owes other answers, so that something else may be to blame
   */
  void lost(long now, boolean taken, boolean completed, boolean owesOthers) {
    Suspect first = firstSent;
    boolean wasAside = isAside();
    boolean counts = !isAlone() || !owesOthers;
    firstSent = null;
    if (wasAside) {
      if (first != null) {
        tried.add(first.sender());
      }
      acquit();
    } else if (first == null || first.isOver() || now - firstSentAt >= SOON_NANOS) {
      acquit();
    } else if (taken || (completed && first.isReleased())) {
      acquit();
    } else if (first != suspect) {
      suspect = first;
      losses = 1;
    } else if (counts) {
      losses++;
      tried.add(first.sender());
    }
  }

  /** The suspect is not to blame, or cannot be tried. */
  void acquit() {
    suspect = null;
    losses = 0;
  }
}
