package mqttsn.gateway.session;

/**
 * What the disk side of the durable queue tells the core: one answer to every {@link
 * Action.Enqueue}, in their order, to every {@link Action.Release}, and to every number of an
 * {@link Action.Fetch}.
 */
public sealed interface QueueEvent {

  /** The number of the message. */
  long number();

  /** The message of an {@link Action.Enqueue} is on the disk, surely. */
  record Stored(long number) implements QueueEvent {}

  /** The disk did not take the message of an {@link Action.Enqueue}: nothing of it is kept. */
  record NotStored(long number) implements QueueEvent {}

  /**
   * An {@link Action.Release} is on the disk, surely. Also when it could not be written: then the
   * message may come to the broker twice after a crash, but it does not stay here for ever.
   */
  record Released(long number) implements QueueEvent {}

  /** A message that was asked for with {@link Action.Fetch}. */
  record Fetched(QueuedMessage message) implements QueueEvent {
    @Override
    public long number() {
      return message.number();
    }
  }

  /** A message that was asked for and cannot be read. */
  record Missing(long number) implements QueueEvent {}
}
