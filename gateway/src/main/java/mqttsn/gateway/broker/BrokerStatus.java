package mqttsn.gateway.broker;

import java.time.Duration;
import java.util.List;
import mqttsn.gateway.config.BrokerUrl;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway stands with its brokers at one moment.
 *
 * @param own the gateway's own connection; null while there is none
 * @param urls every configured URL, in the configured order
 * @param open links that are connected
 * @param connecting links that try to connect now
 * @param waiting links that wait for their turn to try
 */
public record BrokerStatus(
    @Nullable Own own, List<Url> urls, int open, int connecting, int waiting, Counts counts) {

  /**
   * The gateway's own connection.
   *
   * @param mqttVersion 5, or 4 for MQTT 3.1.1
   * @param age how long it has lasted
   */
  public record Own(BrokerUrl url, int mqttVersion, Duration age) {}

  /**
   * One URL.
   *
   * @param connections open ones
   * @param lastFailure one line; empty if there was none since the URL last worked
   */
  public record Url(BrokerUrl url, Health health, int connections, String lastFailure) {}

  /** What the last attempt at a URL showed. */
  public enum Health {
    UNKNOWN,
    UP,
    DOWN
  }

  /**
   * Counts since the start, over all links.
   *
   * @param connects connections that CONNACK accepted
   * @param reconnects those among them that replaced a lost one
   * @param failedAttempts attempts that reached no CONNACK
   * @param refusals CONNACKs that refused
   * @param losses connections that ended although nobody asked for it
   * @param skippedOversize messages of the broker beyond {@code max-packet}, acknowledged and
   *     dropped
   * @param tooLargeForBroker packets beyond the broker's limit, dropped
   * @param unsendable packets for a link that was not open, dropped
   */
  public record Counts(
      long connects,
      long reconnects,
      long failedAttempts,
      long refusals,
      long losses,
      long packetsToBroker,
      long packetsFromBroker,
      long skippedOversize,
      long tooLargeForBroker,
      long unsendable) {}
}
