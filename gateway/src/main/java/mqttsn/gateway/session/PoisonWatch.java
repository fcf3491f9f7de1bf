package mqttsn.gateway.session;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import mqttsn.codec.Qos;
import org.jspecify.annotations.Nullable;

/**
 * Finds a message because of which the broker closes the connection, each time that it gets it. It
 * must never take an outage or a flapping network for that:
 *
 * <ol>
 *   <li>Suspected is what was sent first over a connection that was lost soon after, without an
 *       acknowledgement of anything.
 *   <li>When that happened to the same message twice in a row, it is sent alone, over connections
 *       that have been up for as long as "soon" is.
 *   <li>When the connection was lost so for {@link #MOST_LOSSES} times in a row, the message stays
 *       aside, and another one is sent. Only if the broker acknowledges that one, the first is to
 *       blame; if the connection is lost again, it is not.
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

  private @Nullable QueuedItem suspect;
  private int losses;
  private long connectedAt;

  /** What was sent first over the present connection; null for nothing. */
  private @Nullable QueuedItem firstSent;

  private long firstSentAt;

  /** Clients for whose messages the broker did no better since it acknowledged anything. */
  private final Set<Integer> tried = new HashSet<>();

  /** Whether nothing but one message may be sent. */
  boolean isAlone() {
    return isSuspected() && losses >= LOSSES_IN_COMPANY && losses < MOST_LOSSES;
  }

  /** Whether another message is to be sent in place of one that is suspected. */
  boolean isAside() {
    return isSuspected() && losses >= MOST_LOSSES;
  }

  private boolean isSuspected() {
    return suspect != null && !suspect.isOver;
  }

  /** The message that may be sent alone now; null for none, or not yet. */
  @Nullable QueuedItem dueAlone(long now) {
    boolean isDue = isAlone() && firstSent == null && now - connectedAt >= SOON_NANOS;
    return isDue ? suspect : null;
  }

  /** When something is due while {@link #isAlone}. */
  long deadline() {
    return (firstSent == null ? connectedAt : firstSentAt) + SOON_NANOS;
  }

  /** Whether a message was sent over the present connection. */
  boolean hasSent() {
    return firstSent != null;
  }

  /** The one of two that tells more when it is sent in place of the suspect; null for neither. */
  @Nullable QueuedItem better(@Nullable QueuedItem one, QueuedItem other) {
    if (other == suspect || other.publish == null || other.qos == Qos.ZERO) {
      return one;
    }
    return one == null || rank(other) < rank(one) ? other : one;
  }

  private int rank(QueuedItem item) {
    boolean sameTopic = Objects.equals(topicOf(item), topicOf(suspect));
    return (tried.contains(item.client) ? 2 : 0) + (sameTopic ? 1 : 0);
  }

  private static @Nullable String topicOf(@Nullable QueuedItem item) {
    BrokerCommand.Publish publish = item == null ? null : item.publish;
    return publish == null ? null : publish.topicName();
  }

  // --- what happens

  /** The connection is there. */
  void connected(long now) {
    connectedAt = now;
    firstSent = null;
  }

  /** A message was sent. */
  void sent(QueuedItem item, long now) {
    if (firstSent == null) {
      firstSent = item;
      firstSentAt = now;
    }
  }

  /** The broker acknowledged a publish. Returns the one that is to blame; null for none. */
  @Nullable QueuedItem acknowledged() {
    QueuedItem poison = isAside() ? suspect : null;
    acquit();
    tried.clear();
    return poison;
  }

  /** Time has passed: no answer within the time that a loss would count in acquits too. */
  void passed(long now) {
    if (isAlone() && firstSent != null && now - firstSentAt >= SOON_NANOS) {
      acquit();
    }
  }

  /**
   * A connection is gone that was there.
   *
   * @param acknowledged whether the broker acknowledged any publish over it
   * @param owesOthers whether the broker owes other answers, so that something else may be to blame
   */
  void lost(long now, boolean acknowledged, boolean owesOthers) {
    QueuedItem first = firstSent;
    if (isAside()) {
      if (first != null) {
        tried.add(first.client);
      }
      acquit();
    } else if (acknowledged || first == null || first.isOver || now - firstSentAt >= SOON_NANOS) {
      acquit();
    } else if (first != suspect) {
      suspect = first;
      losses = 1;
    } else if (!isAlone() || !owesOthers) {
      losses++;
      tried.add(first.client);
    }
  }

  private void acquit() {
    suspect = null;
    losses = 0;
  }
}
