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
 * Notices of the core as lines of the log, one each; but refusals, which anybody can cause at any
 * rate, have one line and a number for each address and reason. Belongs to the event loop.
 */
final class OperatorLog implements Consumer<Notice> {

  /** To be called so often: {@link #sayWhatRepeated}. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  private static final int MAX_LINES = 50;

  private record Refusal(InetAddress from, String why) {}

  private final RepeatLimiter<Refusal> refusals = new RepeatLimiter<>(WINDOW, MAX_LINES);

  @Override
  public void accept(Notice notice) {
    ClientAddress address = notice.address();
    if (notice.event() == Notice.Event.REFUSED && address != null) {
      InetAddress from = address.socket().getAddress();
      if (!refusals.admits(new Refusal(from, notice.detail()), System.nanoTime())) {
        return;
      }
    }
    String what = text(notice.event());
    String where = address == null ? "" : " at " + address;
    String detail = notice.detail().isEmpty() ? "" : ": " + notice.detail();
    switch (notice.event()) {
      case REFUSED, LOST, BROKER_LOST, MESSAGE_DROPPED ->
          Logger.warn("client {}{} {}{}", name(notice), where, what, detail);
      case CONNECTED, DISCONNECTED, ASLEEP, MOVED, ENDED, BROKER_BACK ->
          Logger.info("client {}{} {}{}", name(notice), where, what, detail);
    }
  }

  /** The numbers of those that were refused without a line. */
  void sayWhatRepeated() {
    refusals.report(
        System.nanoTime(),
        (refusal, times) ->
            Logger.warn("clients {} refused: {}", source(refusal), refusals.summary(times)));
  }

  private static String source(@Nullable Refusal refusal) {
    return refusal == null
        ? "at many addresses"
        : "at " + refusal.from().getHostAddress() + " (" + refusal.why() + ")";
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
