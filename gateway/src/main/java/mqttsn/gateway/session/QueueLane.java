package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Messages that wait in the durable queue, in the order of their numbers: 24 octets each, because
 * there may be a million of them.
 */
final class QueueLane {

  /** Of a size that neither a short lane wastes nor a long one copies. */
  private static final int CHUNK = 512;

  private static final long CANCELLED = 0;

  private static final class Chunk {
    final long[] numbers = new long[CHUNK];
    final long[] enteredAt = new long[CHUNK];
    final int[] bytes = new int[CHUNK];
    final int[] clients = new int[CHUNK];
    int head;
    int tail;
  }

  private final Deque<Chunk> chunks = new ArrayDeque<>(2);

  /**
   * Adds a message behind all others.
   *
   * @param enteredAt when it came into the queue
   * @param client as {@link QueueClients} numbers it
   */
  void add(long number, long enteredAt, int bytes, int client) {
    Chunk last = chunks.peekLast();
    if (last == null || last.tail == CHUNK) {
      last = new Chunk();
      chunks.add(last);
    }
    last.numbers[last.tail] = number;
    last.enteredAt[last.tail] = enteredAt;
    last.bytes[last.tail] = bytes;
    last.clients[last.tail] = client;
    last.tail++;
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** The number of the first message; the lane is not empty. */
  long number() {
    Chunk first = chunks.getFirst();
    return first.numbers[first.head];
  }

  /** When the first message came into the queue. */
  long enteredAt() {
    Chunk first = chunks.getFirst();
    return first.enteredAt[first.head];
  }

  /** What the first message counts. */
  int bytes() {
    Chunk first = chunks.getFirst();
    return first.bytes[first.head];
  }

  /** Whose the first message is. */
  int client() {
    Chunk first = chunks.getFirst();
    return first.clients[first.head];
  }

  /** Takes the first message out. */
  void remove() {
    chunks.getFirst().head++;
    skipCancelled();
  }

  /** Takes a message out, wherever it is; quick for one that came lately. */
  boolean cancel(long number) {
    for (Iterator<Chunk> youngest = chunks.descendingIterator(); youngest.hasNext(); ) {
      Chunk chunk = youngest.next();
      for (int i = chunk.tail - 1; i >= chunk.head; i--) {
        if (chunk.numbers[i] == number) {
          chunk.numbers[i] = CANCELLED;
          skipCancelled();
          return true;
        }
      }
    }
    return false;
  }

  /** The first message is always one that is there. */
  private void skipCancelled() {
    for (Chunk first = chunks.peekFirst(); first != null; first = chunks.peekFirst()) {
      while (first.head < first.tail && first.numbers[first.head] == CANCELLED) {
        first.head++;
      }
      if (first.head < first.tail) {
        return;
      }
      chunks.removeFirst();
    }
  }
}
