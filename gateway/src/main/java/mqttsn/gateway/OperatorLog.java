package mqttsn.gateway;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import mqttsn.daemon.log.RepeatLimiter;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Notice;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Notices of the core as lines of the log, one each. What can come for many at once has one line
 * and a number instead: refusals, which anybody can cause at any rate, for each address and reason,
 * and a broker connection that is gone or back, which may be that of ten thousand clients. Belongs
 * to the event loop.
 */
final class OperatorLog implements Consumer<Notice> {

  /** To be called so often: {@link #sayWhatRepeated}. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  private static final int MAX_LINES = 50;

  private record Refusal(InetAddress from, String why) {}

  /** Of a broker connection. */
  private record Change(Notice.Event event, String why) {}

  private final RepeatLimiter<Refusal> refusals = new RepeatLimiter<>(WINDOW, MAX_LINES);
  private final RepeatLimiter<Change> changes = new RepeatLimiter<>(WINDOW, MAX_LINES);

  @Override
  public void accept(Notice notice) {
    if (repeats(notice)) {
      return;
    }
    String what = text(notice.event());
    String where = notice.address() == null ? "" : " at " + notice.address();
    String detail = notice.detail().isEmpty() ? "" : ": " + notice.detail();
    switch (notice.event()) {
      case REFUSED, LOST, BROKER_LOST, MESSAGE_DROPPED ->
          Logger.warn("client {}{} {}{}", name(notice), where, what, detail);
      case CONNECTED, DISCONNECTED, ASLEEP, MOVED, ENDED, BROKER_BACK ->
          Logger.info("client {}{} {}{}", name(notice), where, what, detail);
    }
  }

  /** The numbers of those that have no line. */
  void sayWhatRepeated() {
    long now = System.nanoTime();
    refusals.report(
        now,
        (refusal, times) ->
            Logger.warn("clients {} refused: {}", source(refusal), refusals.summary(times)));
    changes.report(
        now,
        (change, times) -> Logger.warn("clients {}: {}", text(change), changes.summary(times)));
  }

  private boolean repeats(Notice notice) {
    long now = System.nanoTime();
    ClientAddress address = notice.address();
    return switch (notice.event()) {
      case REFUSED -> address != null && !refusals.admits(refusal(address, notice.detail()), now);
      case BROKER_LOST, BROKER_BACK ->
          !changes.admits(new Change(notice.event(), notice.detail()), now);
      case CONNECTED, DISCONNECTED, ASLEEP, LOST, MOVED, ENDED, MESSAGE_DROPPED -> false;
    };
  }

  private static Refusal refusal(ClientAddress from, String why) {
    return new Refusal(from.socket().getAddress(), why);
  }

  private static String source(@Nullable Refusal refusal) {
    return refusal == null
        ? "at many addresses"
        : "at " + refusal.from().getHostAddress() + " (" + refusal.why() + ")";
  }

  private static String text(@Nullable Change change) {
    if (change == null) {
      return "lost broker connections for many reasons";
    }
    String why = change.why().isEmpty() ? "" : " (" + change.why() + ")";
    return text(change.event()) + why;
  }

  private static String name(Notice notice) {
    return notice.clientId().isEmpty() ? "(no id)" : notice.clientId();
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
