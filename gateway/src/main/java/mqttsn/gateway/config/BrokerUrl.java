package mqttsn.gateway.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
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

  /** RFC 3986 §3.3 and §3.4. */
  private static final Pattern URI_TEXT = Pattern.compile("[-A-Za-z0-9._~!$&'()*+,;=:@/?%]*");

  /** What brokers serve MQTT under when the URL names no path. */
  private static final String DEFAULT_PATH = "/mqtt";

  /**
   * Reads {@code scheme://host[:port][/path]}; the path is for ws and wss only.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static BrokerUrl parse(String text) {
    int schemeEnd = text.indexOf("://");
    Scheme scheme = scheme(schemeEnd < 0 ? "" : text.substring(0, schemeEnd));
    String rest = text.substring(schemeEnd + 3);
    int pathStart = indexOfAny(rest, "/?#");
    String authority = pathStart < 0 ? rest : rest.substring(0, pathStart);
    String path = pathStart < 0 ? "" : rest.substring(pathStart);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a URL without credentials, which belong into username and password-file");
    }
    return new BrokerUrl(scheme, host(authority), port(authority, scheme), path(scheme, path));
  }

  private static Scheme scheme(String name) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.text.equals(name.toLowerCase(Locale.ROOT))) {
        return scheme;
      }
    }
    throw new IllegalArgumentException("a URL that begins with one of " + Scheme.EXPECTED);
  }

  private static String host(String authority) {
    String host = authority.substring(0, portColon(authority));
    if (host.startsWith("[")) {
      host = host.substring(1, Math.max(1, host.length() - 1));
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address in brackets, as in [::1]:1883");
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '[' || c == ']')) {
      throw new IllegalArgumentException("a host name or address after '://'");
    }
    return host;
  }

  private static int port(String authority, Scheme scheme) {
    String port = authority.substring(portColon(authority));
    if (port.isEmpty()) {
      return scheme.defaultPort;
    }
    int number = port.matches(":[0-9]{1,5}") ? Integer.parseInt(port.substring(1)) : 0;
    if (number < 1 || number > 65_535) {
      throw new IllegalArgumentException("a port from 1 to 65535 after the host");
    }
    return number;
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

  private static String path(Scheme scheme, String path) {
    boolean absent = path.isEmpty() || path.equals("/");
    if (!scheme.isWebSocket()) {
      if (!absent) {
        throw new IllegalArgumentException(
            "no path after " + scheme + "://host:port, only ws:// and wss:// have one");
      }
      return "";
    }
    if (absent) {
      return DEFAULT_PATH;
    }
    if (path.indexOf('#') >= 0 || !URI_TEXT.matcher(path).matches()) {
      throw new IllegalArgumentException("a path of characters that may stand in a URL");
    }
    return path.startsWith("/") ? path : DEFAULT_PATH + path;
  }

  private static int indexOfAny(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The URL, with its port. */
  @Override
  public String toString() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return scheme + "://" + bracketed + ":" + port + path;
  }
}
