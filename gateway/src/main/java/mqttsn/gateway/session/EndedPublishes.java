package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Publish;
import org.jspecify.annotations.Nullable;

/**
 * A client's publishes that ended lately: a duplicate of one, from a client that did not hear of
 * the end or that was under way for longer than the whole exchange, is no new message.
 */
final class EndedPublishes {

  /** So many QoS 2 exchanges do not fit between a message and its late duplicate. */
  private static final int SIZE = 8;

  private static final int[] NONE = {};

  /** The last one with QoS 1. */
  private @Nullable Publish lastAcknowledged;

  private long lastAcknowledgedAt;

  /** MsgIds of QoS 2, and when they ended. */
  private int[] msgIds = NONE;

  private long[] endedAt = {};
  private int next;

  /** QoS 1: the broker has taken it. */
  void acknowledged(Publish publish, long now) {
    lastAcknowledged = publish;
    lastAcknowledgedAt = now;
  }

  /** QoS 2: the client got PUBCOMP. */
  void completed(int msgId, long now) {
    if (msgIds.length == 0) {
      msgIds = new int[SIZE];
      endedAt = new long[SIZE];
    }
    msgIds[next] = msgId;
    endedAt[next] = now;
    next = (next + 1) % SIZE;
  }

  /** The MsgIds of QoS 2 that are remembered, the oldest first. */
  List<Integer> completed() {
    List<Integer> oldestFirst = new ArrayList<>(msgIds.length);
    for (int i = 0; i < msgIds.length; i++) {
      int msgId = msgIds[(next + i) % SIZE];
      if (msgId != 0) {
        oldestFirst.add(msgId);
      }
    }
    return oldestFirst;
  }

  /** Whether this QoS 1 publish is the last one again, and that one ended then or later. */
  boolean hasAcknowledged(Publish publish, long since) {
    Publish last = lastAcknowledged;
    return last != null && lastAcknowledgedAt >= since && last.isSameAs(publish);
  }

  /** Whether a QoS 2 exchange with this MsgId ended then or later. */
  boolean hasCompleted(int msgId, long since) {
    for (int i = 0; i < msgIds.length; i++) {
      if (msgIds[i] == msgId && msgId != 0 && endedAt[i] >= since) {
        return true;
      }
    }
    return false;
  }

  /** Nothing that comes from now on is a duplicate of what was before. */
  void clear() {
    lastAcknowledged = null;
    msgIds = NONE;
  }
}
