package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mqttsn.codec.Qos;

/**
 * The disk of the durable queue, as scenarios have it: it keeps what it was told to keep, and says
 * what a line says.
 */
final class QueueText {

  /** A message on the disk. */
  private record Kept(QueuedMessage message, boolean released, long since) {}

  private final Map<Long, Kept> kept = new TreeMap<>();

  static String render(QueuedMessage m) {
    return "enqueue "
        + m.number()
        + (m.clientId().isEmpty() ? "" : " client=" + m.clientId())
        + " topic="
        + m.topicName()
        + (m.qos() == Qos.ZERO ? "" : " qos=" + m.qos().level())
        + (m.retain() ? " retain" : "")
        + (m.packetIdentifier() == 0 ? "" : " id=" + m.packetIdentifier())
        + " \""
        + m.payload().toUtf8String()
        + '"';
  }

  /** The disk does what an action says. */
  void perform(Action action, long now) {
    if (action instanceof Action.Enqueue enqueue) {
      kept.put(enqueue.message().number(), new Kept(enqueue.message(), false, now));
    } else if (action instanceof Action.Release release) {
      kept.computeIfPresent(
          release.number(), (n, message) -> new Kept(message.message(), true, message.since()));
    } else if (action instanceof Action.Dequeue dequeue) {
      kept.remove(dequeue.number());
    }
  }

  /**
   * {@code stored 1 2}, {@code not-stored 3}, {@code released 1}, {@code fetched 1 2}, {@code
   * missing 3}.
   */
  List<QueueEvent> parse(String line) {
    String[] words = line.split(" +");
    List<QueueEvent> events = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      long number = Long.parseLong(words[i]);
      events.add(
          switch (words[0]) {
            case "stored" -> new QueueEvent.Stored(number);
            case "not-stored" -> notStored(number);
            case "released" -> new QueueEvent.Released(number);
            case "fetched" -> new QueueEvent.Fetched(message(number));
            case "missing" -> new QueueEvent.Missing(number);
            default -> throw new IllegalArgumentException("no event of the queue: " + line);
          });
    }
    return events;
  }

  /** What another process finds. */
  List<QueuedMessage.Summary> summaries(long now) {
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

  private QueueEvent notStored(long number) {
    kept.remove(number);
    return new QueueEvent.NotStored(number);
  }

  private QueuedMessage message(long number) {
    Kept message = kept.get(number);
    if (message == null) {
      throw new AssertionError("the disk has no message " + number + "; it has " + kept.keySet());
    }
    return message.message();
  }
}
