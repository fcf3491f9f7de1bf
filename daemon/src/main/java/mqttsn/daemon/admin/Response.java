package mqttsn.daemon.admin;

import java.nio.charset.StandardCharsets;

/**
 * A whole answer.
 *
 * @param body must not change any more
 * @param contentSecurityPolicy what a browser may do with it; by default nothing at all
 */
// A record of an array: responses are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Response(int status, String contentType, byte[] body, String contentSecurityPolicy) {
  private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  public Response(int status, String contentType, byte[] body) {
    this(status, contentType, body, NOTHING);
  }

  /** A text for people and probes; ends with a line feed. */
  public static Response text(int status, String line) {
    return new Response(
        status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public static Response json(String json) {
    return new Response(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A page of ours.
   *
   * @param contentSecurityPolicy what its own script and style need
   */
  public static Response html(byte[] page, String contentSecurityPolicy) {
    return new Response(200, "text/html; charset=utf-8", page, contentSecurityPolicy);
  }
}
