package mqttsn.daemon.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides who is let in. */
final class Gatekeeper {
  private final @Nullable BearerToken token;

  /**
   * Lets in who brings {@code token}.
   *
   * @param token null on a loopback address, for everybody on this machine
   */
  Gatekeeper(@Nullable BearerToken token) {
    this.token = token;
  }

  /** The refusal of this request, or null if it may pass. */
  @Nullable Response refusal(boolean guarded, HttpHeaders headers) {
    if (token == null) {
      // A page elsewhere whose name resolves to this machine would read what only we should.
      return isLocalName(headers.get(HttpHeaderNames.HOST))
          ? null
          : Response.text(403, "Expected this machine's own name in Host");
    }
    return !guarded || token.isIn(headers.get(HttpHeaderNames.AUTHORIZATION))
        ? null
        : Response.text(401, "Expected the bearer token");
  }

  private static boolean isLocalName(@Nullable String host) {
    return host == null
        || host.toLowerCase(Locale.ROOT)
            .matches("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]{1,5})?");
  }
}
