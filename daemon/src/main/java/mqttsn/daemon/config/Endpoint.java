package mqttsn.daemon.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and port as written in a configuration, {@code 127.0.0.1:9184}, {@code [::]:1884} or
 * {@code broker.example:1883}; not resolved. An IPv6 address stands without its brackets in {@code
 * host}.
 */
public record Endpoint(String host, int port) {
  private static final String EXPECTED =
      "an address and port such as 127.0.0.1:1884, [::]:1884 or localhost:1884";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?)]|([A-Za-z0-9_.-]+)):([0-9]{1,5})");

  public Endpoint {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Endpoint parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String ipv6 = matcher.group(1);
    return new Endpoint(ipv6 != null ? ipv6 : matcher.group(2), Integer.parseInt(matcher.group(3)));
  }

  /** Whether it is this machine alone that can reach it, as far as the text tells. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]+){3}");
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
