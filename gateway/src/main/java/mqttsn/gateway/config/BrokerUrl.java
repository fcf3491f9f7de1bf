package mqttsn.gateway.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where a broker is reached, and by which transport.
 *
 * @param host name or address literal; an IPv6 address without its brackets
 * @param port 1 to 65535
 * @param path of a WebSocket, with its query if any; empty for other schemes
 */
public record BrokerUrl(Scheme scheme, String host, int port, String path) {

  /** What carries MQTT. */
  public enum Scheme {
    MQTT("mqtt", 1883),
    MQTTS("mqtts", 8883),
    WS("ws", 80),
    WSS("wss", 443),
    MQTT_QUIC("mqtt-quic", 14567);

    private final String text;
    private final int defaultPort;

    Scheme(String text, int defaultPort) {
      this.text = text;
      this.defaultPort = defaultPort;
    }

    /** Whether the path of the URL is sent to the broker. */
    public boolean isWebSocket() {
      return this == WS || this == WSS;
    }

    /** Whether the broker shows a certificate. */
    public boolean isSecure() {
      return this == MQTTS || this == WSS || this == MQTT_QUIC;
    }

    @Override
    public String toString() {
      return text;
    }

    private static final String EXPECTED =
        Arrays.stream(values())
            .map(scheme -> scheme.text + "://")
            .collect(Collectors.joining(", "));
  }

  /** What brokers serve MQTT under when the URL names no path. */
  private static final String DEFAULT_PATH = "/mqtt";

  /**
   * Reads {@code scheme://host[:port][/path]}; the path is for ws and wss only.
   *
   * @throws IllegalArgumentException with the value and what was expected
   */
  public static BrokerUrl parse(String text) {
    int schemeEnd = text.indexOf("://");
    Scheme scheme = scheme(text, schemeEnd < 0 ? "" : text.substring(0, schemeEnd));
    String rest = text.substring(schemeEnd + 3);
    int pathStart = indexOfAny(rest, "/?");
    String authority = pathStart < 0 ? rest : rest.substring(0, pathStart);
    String path = pathStart < 0 ? "" : rest.substring(pathStart);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "'"
              + scheme
              + "://***@"
              + authority.substring(authority.lastIndexOf('@') + 1)
              + "' has credentials in it, expected them in username and password-file");
    }
    if (text.indexOf('#') >= 0) {
      throw unexpected(text, "no '#'");
    }
    return new BrokerUrl(
        scheme, host(text, authority), port(text, authority, scheme), path(text, scheme, path));
  }

  private static Scheme scheme(String text, String name) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.text.equals(name.toLowerCase(Locale.ROOT))) {
        return scheme;
      }
    }
    throw unexpected(text, "a URL that begins with one of " + Scheme.EXPECTED);
  }

  private static String host(String text, String authority) {
    String host;
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      if (end < 0) {
        throw unexpected(text, "']' after the IPv6 address");
      }
      host = authority.substring(1, end);
    } else {
      host = authority.substring(0, portColon(authority));
      if (host.indexOf(':') >= 0) {
        throw unexpected(text, "an IPv6 address in brackets, as in [::1]:1883");
      }
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '[' || c == ']')) {
      throw unexpected(text, "a host name or address after '://'");
    }
    return host;
  }

  private static int port(String text, String authority, Scheme scheme) {
    String digits = authority.substring(portColon(authority));
    if (digits.isEmpty()) {
      return scheme.defaultPort;
    }
    boolean isNumber = digits.matches(":[0-9]{1,5}");
    int port = isNumber ? Integer.parseInt(digits.substring(1)) : 0;
    if (port < 1 || port > 65_535) {
      throw unexpected(text, "a port from 1 to 65535");
    }
    return port;
  }

  /** Where the host ends, and the colon and the port begin, if any. */
  private static int portColon(String authority) {
    int bracket = authority.lastIndexOf(']');
    if (bracket >= 0) {
      return bracket + 1;
    }
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority.length() : colon;
  }

  private static String path(String text, Scheme scheme, String path) {
    boolean absent = path.isEmpty() || path.equals("/");
    if (scheme.isWebSocket()) {
      return absent ? DEFAULT_PATH : path.startsWith("/") ? path : DEFAULT_PATH + path;
    }
    if (!absent) {
      throw unexpected(text, "no path: only ws:// and wss:// have one");
    }
    return "";
  }

  private static int indexOfAny(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static IllegalArgumentException unexpected(String text, String expected) {
    return new IllegalArgumentException("'" + text + "', expected " + expected);
  }

  /** The URL, with its port. */
  @Override
  public String toString() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + bracketed + ":" + port + path;
  }
}
