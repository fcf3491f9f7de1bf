package mqttsn.gateway.simulation;

import mqttsn.codec.Octets;
import org.jspecify.annotations.Nullable;

/**
 * What kind of client it is.
 *
 * @param nodeId behind a forwarder; null for a client that speaks for itself
 * @param durationSeconds keep-alive
 * @param isHasty whether it publishes many times a minute, or a few times
 */
record ClientPlan(
    String clientId,
    @Nullable Octets nodeId,
    boolean cleanSession,
    boolean hasWill,
    boolean sleeps,
    int durationSeconds,
    boolean isHasty) {

  static ClientPlan of(int number, Dice dice) {
    return new ClientPlan(
        "c" + number,
        dice.chance(0.25) ? Octets.of((byte) number) : null,
        dice.chance(0.4),
        dice.chance(0.5),
        dice.chance(0.5),
        dice.between(10, 120),
        dice.chance(0.5));
  }
}
