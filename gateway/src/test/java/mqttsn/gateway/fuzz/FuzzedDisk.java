package mqttsn.gateway.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;

/** The disk of the durable queue: answers everything when it is asked to, well or badly. */
final class FuzzedDisk {

  private final Map<Long, QueuedMessage> messages = new HashMap<>();
  private final List<Action> asked = new ArrayList<>();

  void take(Action action) {
    if (action instanceof Action.Enqueue
        || action instanceof Action.Release
        || action instanceof Action.Dequeue
        || action instanceof Action.Fetch) {
      asked.add(action);
    }
  }

  /**
   * The answers to everything asked since the last call.
   *
   * @param works whether messages can be written and read
   */
  List<QueueEvent> answer(boolean works) {
    List<QueueEvent> answers = new ArrayList<>();
    for (Action action : asked) {
      if (action instanceof Action.Enqueue enqueue && works) {
        messages.put(enqueue.message().number(), enqueue.message());
        answers.add(new QueueEvent.Stored(enqueue.message().number()));
      } else if (action instanceof Action.Enqueue enqueue) {
        answers.add(new QueueEvent.NotStored(enqueue.message().number()));
      } else if (action instanceof Action.Release release) {
        answers.add(new QueueEvent.Released(release.number()));
      } else if (action instanceof Action.Dequeue dequeue) {
        messages.remove(dequeue.number());
      } else if (action instanceof Action.Fetch fetch) {
        fetch.numbers().forEach(number -> answers.add(fetched(number, works)));
      }
    }
    asked.clear();
    return answers;
  }

  private QueueEvent fetched(long number, boolean works) {
    QueuedMessage message = messages.get(number);
    return message == null || !works
        ? new QueueEvent.Missing(number)
        : new QueueEvent.Fetched(message);
  }
}
