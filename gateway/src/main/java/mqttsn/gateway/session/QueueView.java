package mqttsn.gateway.session;

/**
 * A picture of the durable queue, for an operator.
 *
 * @param messages in the queue, those on their way to the broker included
 * @param bytes what they count against the bound, as {@link QueuedMessage#bytes}
 * @param underWay those of them that are on their way to the broker, or being fetched for it
 * @param oldestNanos age of the oldest one that waits; 0 when none waits
 */
public record QueueView(long messages, long bytes, int underWay, long oldestNanos) {

  /** Nothing is queued. */
  public static final QueueView EMPTY = new QueueView(0, 0, 0, 0);
}
