package mqttsn.gateway.broker.quic;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why no QUIC connection to a broker came about; the message is one line for the log. */
public class QuicFailure extends IOException {

  private static final long serialVersionUID = 1;

  private static final int ALERT_CERTIFICATE_REQUIRED = 116;
  private static final int ALERT_NO_APPLICATION_PROTOCOL = 120;
  private static final int FIRST_CERTIFICATE_ALERT = 42;
  private static final int LAST_CERTIFICATE_ALERT = 49;

  QuicFailure(String message) {
    super(message);
  }

  /**
   * Finds the words for a handshake that failed with {@code cause}.
   *
   * @param refused why the broker's certificate was refused, if it was
   * @param heard whether any datagram came back
   */
  static QuicFailure of(Throwable cause, @Nullable Throwable refused, boolean heard) {
    if (cause instanceof QuicFailure known) {
      return known;
    }
    if (refused != null) {
      return new QuicFailure("certificate refused: " + innermost(refused));
    }
    if (cause instanceof ConnectTimeoutException) {
      String what = heard ? "something answers there, but not as QUIC with ALPN mqtt" : "no answer";
      return new QuicFailure("handshake timed out, " + what);
    }
    if (cause instanceof QuicClosedChannelException closed && closed.event() != null) {
      return new QuicFailure(words(closed.event()));
    }
    return new QuicFailure(innermost(cause));
  }

  /** What a CONNECTION_CLOSE of the broker says. */
  static String words(QuicConnectionCloseEvent close) {
    if (close.isTlsError()) {
      int alert = QuicConnectionCloseEvent.extractTlsError(close.error());
      if (alert == ALERT_NO_APPLICATION_PROTOCOL) {
        return "broker does not speak ALPN mqtt";
      }
      if (alert == ALERT_CERTIFICATE_REQUIRED) {
        return "broker requires a client certificate";
      }
      if (alert >= FIRST_CERTIFICATE_ALERT && alert <= LAST_CERTIFICATE_ALERT) {
        return "broker refused the client certificate (TLS alert " + alert + ")";
      }
      return "broker ended the handshake (TLS alert " + alert + ")";
    }
    // The reason phrase of the event cannot be asked for: it may be missing, and then asking
    // throws.
    return "broker closed the connection (%s error 0x%x)"
        .formatted(close.isApplicationClose() ? "application" : "transport", close.error());
  }

  private static String innermost(Throwable cause) {
    Throwable inner = cause;
    while (inner.getCause() != null && inner.getCause().getMessage() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : oneLine(message);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
