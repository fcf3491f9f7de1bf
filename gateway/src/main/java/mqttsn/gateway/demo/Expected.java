package mqttsn.gateway.demo;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Messages on their way, each known by its topic and text, and when they set out. */
final class Expected {

  private record Message(String topicName, String text) {}

  private record Journey(long startNanos, CompletableFuture<@Nullable Void> arrival) {}

  private final Map<Message, Journey> journeys = new ConcurrentHashMap<>();

  /** A message sets out now. */
  void departs(String topicName, String text) {
    journeys.put(
        new Message(topicName, text), new Journey(System.nanoTime(), new CompletableFuture<>()));
  }

  /** How long a message is on its way by now, in nanoseconds; -1 if nobody expects it. */
  long travelNanos(String topicName, String text) {
    Journey journey = journeys.get(new Message(topicName, text));
    return journey == null ? -1 : System.nanoTime() - journey.startNanos();
  }

  /** A message is there; one that nobody expects does no harm. */
  void arrived(String topicName, String text) {
    Journey journey = journeys.get(new Message(topicName, text));
    if (journey != null) {
      journey.arrival().complete(null);
    }
  }

  /** Whether the message arrives within that time. */
  boolean await(String topicName, String text, long patienceNanos) {
    Journey journey = journeys.get(new Message(topicName, text));
    if (journey == null) {
      return false;
    }
    try {
      journey.arrival().get(patienceNanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
