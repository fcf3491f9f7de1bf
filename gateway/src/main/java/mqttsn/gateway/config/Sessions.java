package mqttsn.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import mqttsn.daemon.config.Between;
import mqttsn.daemon.config.ByteSize;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code sessions}: limits of clients.
 *
 * @param max sessions at one time, those of absent clients included
 * @param tRetry time to wait for a client's answer before a message is sent again
 * @param nRetry how often it is sent again before the client counts as lost
 * @param sleepBuffer messages that wait for one client
 * @param sleepBufferBytes octets that wait for one client
 * @param sleepBuffersTotal octets that wait for all clients
 * @param expiry how long the session of an absent client is kept
 * @param idleLimit how long a client with a keep-alive of 0 may be silent
 * @param maxClientId longest ClientId in characters
 * @param allowEmptyClientId whether a client without ClientId gets one from the gateway
 * @param rebindSleeper whether a sleeping client may wake up at another address
 * @param connectRate new sessions a second from everybody
 * @param connectRatePerSource new sessions a second from one network address
 * @param publishWindow QoS 1 and 2 publishes of one client that may wait for the broker
 * @param maxTopics normal topic ids of one client
 * @param maxSubscriptions topic filters of one client
 * @param maxForwarderNodes sessions behind one forwarder
 * @param file where sessions are kept over a restart; null for nowhere
 */
public record Sessions(
    @Default("10000") @Range(min = 1, max = 1_000_000) int max,
    @Default("10s") @Between(min = "100ms", max = "1h") Duration tRetry,
    @Default("3") @Range(min = 0, max = 100) int nRetry,
    @Default("100") @Range(min = 1, max = 65_535) int sleepBuffer,
    @Default("64KiB") @Between(min = "1KiB", max = "1GiB") ByteSize sleepBufferBytes,
    @Default("32MiB") @Between(min = "1KiB", max = "64GiB") ByteSize sleepBuffersTotal,
    @Default("1d") @Between(min = "1s", max = "3650d") Duration expiry,
    @Default("1d") @Between(min = "1s", max = "3650d") Duration idleLimit,
    @Default("64") @Range(min = 1, max = 65_000) int maxClientId,
    @Default("false") boolean allowEmptyClientId,
    @Default("false") boolean rebindSleeper,
    @Default("2000") @Range(min = 1, max = 1_000_000) int connectRate,
    @Default("1000") @Range(min = 1, max = 1_000_000) int connectRatePerSource,
    @Default("16") @Range(min = 1, max = 1_000) int publishWindow,
    @Default("1000") @Range(min = 1, max = 65_534) int maxTopics,
    @Default("100") @Range(min = 1, max = 65_535) int maxSubscriptions,
    @Default("1000") @Range(min = 1, max = 1_000_000) int maxForwarderNodes,
    @Nullable Path file) {

  public Sessions {
    if (sleepBuffersTotal.compareTo(sleepBufferBytes) < 0) {
      throw new IllegalArgumentException(
          "sleep-buffers-total: expected at least sleep-buffer-bytes, "
              + sleepBufferBytes
              + ", found "
              + sleepBuffersTotal);
    }
  }
}
