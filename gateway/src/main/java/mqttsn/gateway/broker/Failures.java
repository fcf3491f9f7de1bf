package mqttsn.gateway.broker;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Failures of a connection in words that an operator can use, on one line. */
final class Failures {

  private static final int MAX_CHARACTERS = 200;

  private Failures() {}

  static String words(Throwable failure) {
    Throwable root = root(failure);
    if (failure instanceof UnknownHostException || root instanceof UnknownHostException) {
      return oneLine("unknown host: " + failure.getMessage());
    }
    if (failure instanceof ConnectTimeoutException) {
      return "no answer";
    }
    if (root instanceof ConnectException) {
      String message = String.valueOf(root.getMessage());
      return message.contains("refused") ? "connection refused" : oneLine(message);
    }
    if (failure instanceof SSLException || root instanceof SSLException) {
      return oneLine("TLS: " + root.getMessage());
    }
    if (failure instanceof WebSocketHandshakeException) {
      return oneLine("WebSocket: " + failure.getMessage());
    }
    String message = root.getMessage();
    return oneLine(message == null ? root.getClass().getSimpleName() : message);
  }

  /** Text of others, without control characters and not too long. */
  static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "...";
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
