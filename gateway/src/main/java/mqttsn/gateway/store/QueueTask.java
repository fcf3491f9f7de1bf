package mqttsn.gateway.store;

import java.util.List;
import mqttsn.gateway.session.QueuedMessage;

/** What the writer of the queue is told, in order. */
sealed interface QueueTask {

  /** No more comes. */
  QueueTask END = new End();

  record Enqueue(QueuedMessage message) implements QueueTask {}

  /** A message for which there was no room in memory. */
  record Refuse(long number) implements QueueTask {}

  record Release(long number) implements QueueTask {}

  record Dequeue(long number) implements QueueTask {}

  record Fetch(List<Long> numbers) implements QueueTask {}

  record Ceiling(long ceiling) implements QueueTask {}

  record End() implements QueueTask {}
}
