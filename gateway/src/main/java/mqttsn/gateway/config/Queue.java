package mqttsn.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code queue}: publishes kept on disk until the broker has them, of clients that
 * share a connection.
 *
 * @param directory where the file is; null for the place that {@link #place} tells
 * @param ack who must have a message with QoS 1 or 2 before its client gets the acknowledgement
 * @param bytes bound for all messages together
 * @param messages bound for their number
 * @param age a message that waits for longer is dropped
 * @param whenFull what gives way when the queue is full
 * @param drainRate messages a second that leave the queue when the broker is back
 * @param qos0 whether QoS 0 and -1 wait here too while the broker is away
 */
public record Queue(
    @Default("false") boolean enabled,
    @Nullable Path directory,
    @Default("first") Ack ack,
    @Default("256MiB") @Between(min = "1MiB", max = "1024GiB") ByteSize bytes,
    @Default("1000000") @Range(min = 1, max = 1_000_000_000) int messages,
    @Default("7d") @Between(min = "1s", max = "3650d") Duration age,
    @Default("refuse") WhenFull whenFull,
    @Default("1000") @Range(min = 1, max = 1_000_000) int drainRate,
    @Default("false") boolean qos0) {

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

  /**
   * The directory, or where the queue is if none is configured: below the state directory of the
   * service, and outside of a service below the user's.
   *
   * @param environment the variables of the process
   */
  public Path place(Map<String, String> environment) {
    if (directory != null) {
      return directory;
    }
    String service = environment.get("STATE_DIRECTORY");
    if (service != null) {
      return Path.of(service, "queue");
    }
    String state = environment.get("XDG_STATE_HOME");
    Path user =
        state != null && !state.isEmpty()
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return user.resolve("mqttsn-gateway").resolve("queue");
  }
}
