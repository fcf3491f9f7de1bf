package mqttsn.gateway;

import java.util.function.Consumer;
import mqttsn.gateway.session.Notice;
import org.tinylog.Logger;

/** Notices of the core as lines of the log, one each. */
final class OperatorLog implements Consumer<Notice> {

  @Override
  public void accept(Notice notice) {
    String what = text(notice.event());
    String detail = notice.detail().isEmpty() ? "" : ": " + notice.detail();
    switch (notice.event()) {
      case REFUSED, LOST, BROKER_LOST ->
          Logger.warn("client {} at {} {}{}", name(notice), notice.address(), what, detail);
      case CONNECTED, DISCONNECTED, ASLEEP, MOVED, ENDED, BROKER_BACK ->
          Logger.info("client {} at {} {}{}", name(notice), notice.address(), what, detail);
    }
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
    };
  }
}
