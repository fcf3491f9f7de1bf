package mqttsn.gateway.simulation;

import mqttsn.gateway.session.BrokerConnect;

/**
 * What a CONNECT means to the broker, which depends on the version of MQTT: 3.1.1 has no session
 * expiry, no will delay and no receive maximum.
 */
record BrokerTerms(boolean cleanStart, long expiryNanos, long willDelayNanos, int receiveMaximum) {

  /** How many messages such a broker has under way without being told how many it may. */
  private static final int USUAL_MAXIMUM = 20;

  private static final long FOR_EVER = 100_000 * Timeline.HOUR;

  static BrokerTerms of(BrokerConnect connect, int mqttVersion) {
    return mqttVersion >= 5
        ? new BrokerTerms(
            connect.cleanStart(),
            connect.sessionExpirySeconds() * Timeline.SECOND,
            connect.willDelaySeconds() * Timeline.SECOND,
            connect.receiveMaximum())
        : new BrokerTerms(
            !connect.persistent(), connect.persistent() ? FOR_EVER : 0, 0, USUAL_MAXIMUM);
  }
}
