package mqttsn.gateway.config;

import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;

/**
 * The section {@code gateway}: who this gateway is.
 *
 * @param id the GwId field of ADVERTISE and GWINFO, 0 to 255; unique among the gateways of a
 *     network
 * @param name ClientId of the gateway's own connection to the broker; unique at the broker
 */
public record Identity(
    @Default("1") @Range(min = 0, max = 255) int id,
    @Default("mqttsn-gateway") String name,
    @Default("transparent") Mode mode) {

  private static final int MAX_NAME_LENGTH = 64;

  /** How clients share broker connections. */
  public enum Mode {
    /** An MQTT connection for each client. */
    TRANSPARENT,
    /** One connection, or a few, for all clients. */
    AGGREGATING
  }

  public Identity {
    if (name.isEmpty()
        || name.length() > MAX_NAME_LENGTH
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "name: expected 1 to " + MAX_NAME_LENGTH + " printable characters");
    }
  }
}
