package mqttsn.gateway.config;

import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;

/**
 * The section {@code qos-minus-one}: PUBLISH without a session (§6.8).
 *
 * @param rate messages a second from one network address
 */
public record QosMinusOne(
    @Default("all") Policy policy, @Default("50") @Range(min = 1, max = 1_000_000) int rate) {

  /** Which messages are taken. */
  public enum Policy {
    NONE,
    PREDEFINED,
    /** Predefined topic ids and short topic names. */
    ALL
  }
}
