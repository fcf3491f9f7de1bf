package mqttsn.gateway.session;

/**
 * MsgIds of a client's QoS 2 publishes that ended lately: a duplicate that was under way for longer
 * than its whole exchange is no new message.
 */
final class EndedMsgIds {

  /** So many exchanges do not fit between a message and its late duplicate. */
  private static final int SIZE = 8;

  private static final int[] NONE = {};

  private int[] msgIds = NONE;
  private long[] endedAt = {};
  private int next;

  void add(int msgId, long now) {
    if (msgIds.length == 0) {
      msgIds = new int[SIZE];
      endedAt = new long[SIZE];
    }
    msgIds[next] = msgId;
    endedAt[next] = now;
    next = (next + 1) % SIZE;
  }

  /** Whether an exchange with this MsgId ended at the given time or later. */
  boolean containsSince(int msgId, long since) {
    for (int i = 0; i < msgIds.length; i++) {
      if (msgIds[i] == msgId && msgId != 0 && endedAt[i] >= since) {
        return true;
      }
    }
    return false;
  }

  void clear() {
    msgIds = NONE;
  }
}
