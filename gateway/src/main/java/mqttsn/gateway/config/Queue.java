package mqttsn.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code queue}: publishes kept on disk until the broker has them.
 *
 * @param ack who must have a message before its client gets the acknowledgement
 * @param whenFull what gives way when the queue is full
 */
public record Queue(
    @Default("false") boolean enabled,
    @Nullable Path directory,
    @Default("first") Ack ack,
    @Default("256MiB") @Between(min = "1MiB", max = "1024GiB") ByteSize bytes,
    @Default("1000000") @Range(min = 1, max = 1_000_000_000) int messages,
    @Default("7d") @Between(min = "1s", max = "3650d") Duration age,
    @Default("refuse") WhenFull whenFull) {

  /** Who acknowledges. */
  public enum Ack {
    BROKER,
    DISK,
    /** The disk or the broker, whichever is first. */
    FIRST
  }

  /** What gives way. */
  public enum WhenFull {
    /** The new message: its client is told "rejected: congestion". */
    REFUSE,
    DROP_OLDEST
  }

  public Queue {
    Later.key("enabled", enabled, false);
    Later.key("directory", directory, null);
    Later.key("ack", ack, Ack.FIRST);
    Later.key("bytes", bytes, ByteSize.parse("256MiB"));
    Later.key("messages", messages, 1_000_000);
    Later.key("age", age, Duration.ofDays(7));
    Later.key("when-full", whenFull, WhenFull.REFUSE);
  }
}
