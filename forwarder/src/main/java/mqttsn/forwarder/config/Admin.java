package mqttsn.forwarder.config;

import java.nio.file.Path;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code admin}: metrics and health over HTTP.
 *
 * @param listen null for none
 * @param tokenFile holds the bearer token that requests must bring; null for no token, which only a
 *     loopback address may do
 */
public record Admin(
    @Nullable @Default("127.0.0.1:9185") Endpoint listen, @Nullable Path tokenFile) {

  public Admin {
    if (listen != null && tokenFile == null && !listen.isLoopback()) {
      throw new IllegalArgumentException(
          "listen: expected a loopback address, or a token-file beside it");
    }
  }
}
