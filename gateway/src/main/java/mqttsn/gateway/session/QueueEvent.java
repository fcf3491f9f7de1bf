package mqttsn.gateway.session;

/** What the disk side of the durable queue tells the core. */
public sealed interface QueueEvent {

  /** The number of the message. */
  long number();

  /** The message of an {@link Action.Enqueue} is on the disk, surely. */
  record Stored(long number) implements QueueEvent {}

  /** The disk did not take the message of an {@link Action.Enqueue}: nothing of it is kept. */
  record NotStored(long number) implements QueueEvent {}

  /** An {@link Action.Release} is on the disk, surely. */
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
