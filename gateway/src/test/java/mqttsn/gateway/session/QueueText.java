package mqttsn.gateway.session;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Qos;

/**
 * The disk of the durable queue, as scenarios have it: it keeps what it was told to keep, and says
 * what a line says.
 */
final class QueueText {

  private final ModelQueueDisk disk = new ModelQueueDisk();

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

  /** The disk does what an action says; its answers are lines of the scenario. */
  void perform(Action action, long now) {
    if (ModelQueueDisk.isFor(action)) {
      disk.give(action);
      List<QueueEvent> unused = disk.work(1, true, now);
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
    return disk.summaries(now);
  }

  /** The highest number that a message had. */
  long lastNumber() {
    return disk.lastNumber();
  }

  private QueueEvent notStored(long number) {
    disk.remove(number);
    return new QueueEvent.NotStored(number);
  }

  private QueuedMessage message(long number) {
    QueuedMessage message = disk.message(number);
    if (message == null) {
      throw new AssertionError("the disk has no message " + number + "; it has " + disk.numbers());
    }
    return message;
  }
}
