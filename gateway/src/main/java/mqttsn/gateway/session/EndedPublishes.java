package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import mqttsn.codec.Publish;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * A client's publishes that ended lately: a duplicate of one, from a client that did not hear of
 * the end or that was under way for longer than the whole exchange, is no new message.
 */
final class EndedPublishes {

  /**
   * A duplicate that more QoS 2 exchanges have overtaken is a new message; as many as may be under
   * way at a time can always overtake one.
   */
  private static final int LEAST_SIZE = 8;

  private static final int FORMER = -1;

  /**
   * One with QoS 2.
   *
   * @param digest of its octets; null when only the MsgId is known, from a record
   * @param connection in which of the client's connections; {@link #FORMER} for an earlier one
   */
  private record Completed(int msgId, @Nullable Integer digest, long endedAt, int connection) {

    boolean isAbout(Publish publish) {
      return msgId == publish.msgId() && (digest == null || digest == digestOf(publish));
    }
  }

  private final SessionContext context;

  /** The last one that PUBACK answered for good. */
  private @Nullable Publish lastAnswered;

  private ReturnCode lastReturnCode = ReturnCode.ACCEPTED;
  private long lastAnsweredAt;

  /** The oldest first. */
  private final Deque<Completed> completed = new ArrayDeque<>(0);

  private int connection;

  EndedPublishes(SessionContext context) {
    this.context = context;
  }

  /** The broker has taken it (QoS 1), or it goes no further (QoS 1 or 2). */
  void answered(Publish publish, ReturnCode returnCode, long now) {
    lastAnswered = publish;
    lastReturnCode = returnCode;
    lastAnsweredAt = now;
  }

  /**
   * QoS 2: the broker has taken it.
   *
   * @param awaited whether the client waited for it in its present connection
   */
  void completed(Publish publish, boolean awaited, long now) {
    int of = awaited ? connection : FORMER;
    add(new Completed(publish.msgId(), digestOf(publish), now, of));
  }

  /** Goes on where a record ends. */
  void restore(List<Integer> completedMsgIds, long now) {
    completedMsgIds.forEach(msgId -> add(new Completed(msgId, null, now, connection)));
  }

  /** The MsgIds of QoS 2 in the client's present connection, for a record; the oldest first. */
  List<Integer> completed() {
    return completed.stream()
        .filter(ended -> ended.connection == connection)
        .map(Completed::msgId)
        .toList();
  }

  /** What PUBACK said if this is the last one again, and that one ended then or later, or null. */
  @Nullable ReturnCode answerTo(Publish publish, long since) {
    Publish last = lastAnswered;
    boolean isSame = last != null && lastAnsweredAt >= since && last.isSameAs(publish);
    return isSame ? lastReturnCode : null;
  }

  /** Whether this QoS 2 publish is one of those again, and that one ended then or later. */
  boolean hasCompleted(Publish publish, long since) {
    for (Completed ended : completed) {
      if (ended.endedAt >= since && ended.isAbout(publish)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The client connects anew, and may count its MsgIds from the start again: the MsgId alone does
   * not make a duplicate.
   */
  void clientRestarted() {
    lastAnswered = null;
    completed.removeIf(ended -> ended.digest == null);
    connection++;
  }

  private void add(Completed ended) {
    int size = Math.max(LEAST_SIZE, context.settings().sessions().publishWindow());
    while (completed.size() >= size) {
      completed.remove();
    }
    completed.add(ended);
  }

  private static int digestOf(Publish publish) {
    int ofTopic = 31 * publish.topic().hashCode() + Boolean.hashCode(publish.retain());
    return 31 * ofTopic + publish.data().hashCode();
  }
}
