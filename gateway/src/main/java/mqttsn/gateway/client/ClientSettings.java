package mqttsn.gateway.client;

import java.time.Duration;

/**
 * What a client is configured with.
 *
 * @param tRetry how long an answer may take before the request is sent again (§7.2)
 * @param nRetry how often a request is sent again, 0 for never
 */
public record ClientSettings(String clientId, Duration tRetry, int nRetry) {

  /** The settings the standard proposes: T_retry 10 s, N_retry 3. */
  public static ClientSettings of(String clientId) {
    return new ClientSettings(clientId, Duration.ofSeconds(10), 3);
  }

  public ClientSettings {
    if (tRetry.isZero() || tRetry.isNegative()) {
      throw new IllegalArgumentException("tRetry is " + tRetry + ", expected more than 0");
    }
    if (nRetry < 0) {
      throw new IllegalArgumentException("nRetry is " + nRetry + ", expected 0 or more");
    }
  }
}
