package mqttsn.gateway.session;

import org.jspecify.annotations.Nullable;

/**
 * What the MQTT CONNECT of a link says.
 *
 * @param clientId MQTT client identifier
 * @param cleanStart whether the broker forgets an earlier session of this identifier first
 * @param persistent whether the session outlives a farewell: CleanSession 0 of the client; its
 *     opposite is the clean session flag of MQTT 3.1.1
 * @param sessionExpirySeconds how long the broker keeps the session after a lost connection (MQTT
 *     5), above 0
 * @param receiveMaximum how many QoS 1 and 2 messages the broker may have unacknowledged toward us
 *     (MQTT 5), 1 to 65535
 * @param will what the broker publishes when the gateway itself dies; null for none
 * @param willDelaySeconds how long the broker waits before it does (MQTT 5)
 * @param attempts whether the first failure is reported, or the connection is tried until it is
 *     closed
 */
public record BrokerConnect(
    String clientId,
    boolean cleanStart,
    boolean persistent,
    long sessionExpirySeconds,
    int receiveMaximum,
    @Nullable Will will,
    long willDelaySeconds,
    Attempts attempts) {

  /** How long a link is tried. */
  public enum Attempts {
    /** Each configured URL once, within the connect timeout; then {@link BrokerEvent.Refused}. */
    ONE_ROUND,
    /**
     * With back-off until {@link BrokerEvent.Connected} or until the core closes the link; never
     * refused.
     */
    UNTIL_CLOSED
  }
}
