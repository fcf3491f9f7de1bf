package mqttsn.gateway;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import mqttsn.daemon.log.RepeatLimiter;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Notice;
import org.jspecify.annotations.Nullable;

/**
 * Notices of the core as lines of the log, one each. What can come for many at once has one line
 * and a number instead: refusals, which anybody can cause at any rate, for each address and reason,
 * and a broker connection that is gone or back, which may be that of ten thousand clients, for each
 * reason. Belongs to the event loop.
 */
final class OperatorLog implements Consumer<Notice> {

  /** To be called so often: {@link #sayWhatRepeated}. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** So many refusals, losses and returns that differ have a line in a window. */
  static final int MAX_LINES = 50;

  private record Refusal(InetAddress from, String why) {}

  private final RepeatLimiter<Refusal> refusals = new RepeatLimiter<>(WINDOW, MAX_LINES);
  private final RepeatLimiter<String> losses = new RepeatLimiter<>(WINDOW, MAX_LINES);
  private final RepeatLimiter<String> returns = new RepeatLimiter<>(WINDOW, MAX_LINES);
  private final LongSupplier nanoTime;
  private final Consumer<String> info;
  private final Consumer<String> warn;

  OperatorLog(LongSupplier nanoTime, Consumer<String> info, Consumer<String> warn) {
    this.nanoTime = nanoTime;
    this.info = info;
    this.warn = warn;
  }

  @Override
  public void accept(Notice notice) {
    if (repeats(notice)) {
      return;
    }
    String line = line(notice);
    switch (notice.event()) {
      case REFUSED, LOST, BROKER_LOST, MESSAGE_DROPPED -> warn.accept(line);
      case CONNECTED, DISCONNECTED, ASLEEP, MOVED, ENDED, BROKER_BACK -> info.accept(line);
    }
  }

  /** The numbers of those that have no line. */
  void sayWhatRepeated() {
    long now = nanoTime.getAsLong();
    refusals.report(
        now,
        (refusal, times) ->
            warn.accept("clients refused" + source(refusal) + ": " + refusals.summary(times)));
    losses.report(
        now,
        (why, times) ->
            warn.accept("broker connections lost" + reason(why) + ": " + losses.summary(times)));
    returns.report(
        now,
        (why, times) ->
            info.accept("broker connections back" + reason(why) + ": " + returns.summary(times)));
  }

  private boolean repeats(Notice notice) {
    long now = nanoTime.getAsLong();
    ClientAddress address = notice.address();
    return switch (notice.event()) {
      case REFUSED -> address != null && !refusals.admits(refusal(address, notice.detail()), now);
      case BROKER_LOST -> !losses.admits(notice.detail(), now);
      case BROKER_BACK -> !returns.admits(notice.detail(), now);
      case CONNECTED, DISCONNECTED, ASLEEP, LOST, MOVED, ENDED, MESSAGE_DROPPED -> false;
    };
  }

  private static Refusal refusal(ClientAddress from, String why) {
    return new Refusal(from.socket().getAddress(), why);
  }

  private static String source(@Nullable Refusal refusal) {
    return refusal == null
        ? " at other addresses"
        : " at " + refusal.from().getHostAddress() + " (" + refusal.why() + ")";
  }

  private static String reason(@Nullable String why) {
    if (why == null) {
      return " for other reasons";
    }
    return why.isEmpty() ? "" : " (" + why + ")";
  }

  private static String line(Notice notice) {
    String clientId = notice.clientId().isEmpty() ? "(no id)" : notice.clientId();
    String where = notice.address() == null ? "" : " at " + notice.address();
    String detail = notice.detail().isEmpty() ? "" : ": " + notice.detail();
    return "client " + clientId + where + " " + text(notice.event()) + detail;
  }

  private static String text(Notice.Event event) {
    return switch (event) {
      case CONNECTED -> "connected";
      case REFUSED -> "refused";
      case DISCONNECTED -> "disconnected";
      case ASLEEP -> "sleeps";
      case LOST -> "lost";
      case MOVED -> "moved there";
      case ENDED -> "ended by the gateway";
      case BROKER_LOST -> "lost its broker connection";
      case BROKER_BACK -> "has its broker connection back";
      case MESSAGE_DROPPED -> "lost a message";
    };
  }
}
