package mqttsn.gateway.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The disk of the durable queue as a model: it does one thing after the other when it is told to.
 * What it has done outlives the process; what it was only given does not.
 */
public final class ModelQueueDisk {

  /** A message on the disk. */
  private record Kept(QueuedMessage message, boolean released, long since) {}

  private final Map<Long, Kept> kept = new TreeMap<>();
  private long lastNumber;
  private final Deque<Action> given = new ArrayDeque<>();

  /** Whether an action is for this disk. */
  public static boolean isFor(Action action) {
    return action instanceof Action.Enqueue
        || action instanceof Action.Release
        || action instanceof Action.Dequeue
        || action instanceof Action.Fetch;
  }

  /** What is to be done, behind everything else that was given. */
  public void give(Action action) {
    given.add(action);
  }

  /** How much was given and is not done. */
  public int given() {
    return given.size();
  }

  /**
   * Does the first things that were given.
   *
   * @param most how many
   * @param hasRoom whether new messages fit; all else always does
   * @return what the core is to be told
   */
  public List<QueueEvent> work(int most, boolean hasRoom, long now) {
    List<QueueEvent> answers = new ArrayList<>();
    for (int i = 0; i < most && !given.isEmpty(); i++) {
      perform(given.remove(), hasRoom, now, answers);
    }
    return answers;
  }

  /** The process is killed. */
  public void forgetGiven() {
    given.clear();
  }

  /** The numbers of all messages. */
  public List<Long> numbers() {
    return List.copyOf(kept.keySet());
  }

  /** The highest number that it has seen. */
  public long lastNumber() {
    return lastNumber;
  }

  /** What another process finds. */
  public List<QueuedMessage.Summary> summaries(long now) {
    return kept.values().stream()
        .map(
            k ->
                new QueuedMessage.Summary(
                    k.message().number(),
                    k.message().clientId(),
                    k.message().qos(),
                    k.message().bytes(),
                    k.message().packetIdentifier(),
                    k.released(),
                    (now - k.since()) / 1_000_000))
        .toList();
  }

  @Nullable QueuedMessage message(long number) {
    Kept message = kept.get(number);
    return message == null ? null : message.message();
  }

  void remove(long number) {
    kept.remove(number);
  }

  private void perform(Action action, boolean hasRoom, long now, List<QueueEvent> answers) {
    if (action instanceof Action.Enqueue enqueue) {
      long number = enqueue.message().number();
      lastNumber = number;
      if (hasRoom) {
        kept.put(number, new Kept(enqueue.message(), false, now));
      }
      answers.add(hasRoom ? new QueueEvent.Stored(number) : new QueueEvent.NotStored(number));
    } else if (action instanceof Action.Release release) {
      kept.computeIfPresent(release.number(), (n, k) -> new Kept(k.message(), true, k.since()));
      answers.add(new QueueEvent.Released(release.number()));
    } else if (action instanceof Action.Dequeue dequeue) {
      kept.remove(dequeue.number());
    } else if (action instanceof Action.Fetch fetch) {
      for (long number : fetch.numbers()) {
        QueuedMessage message = message(number);
        answers.add(
            message == null ? new QueueEvent.Missing(number) : new QueueEvent.Fetched(message));
      }
    }
  }
}
