package mqttsn.gateway.broker;

import mqttsn.codec.Qos;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.BrokerCommand;

/**
 * Measures how long the broker takes from a PUBLISH with QoS 1 to its PUBACK: of one publish at a
 * time, so that it costs a connection two fields.
 */
final class RoundTrip {

  private static final int NONE = 0;

  private final LatencyHistogram histogram;
  private int packetIdentifier = NONE;
  private long sentNanos;

  RoundTrip(LatencyHistogram histogram) {
    this.histogram = histogram;
  }

  /** Whether the next publish is the one to measure. */
  boolean wants(BrokerCommand command) {
    return packetIdentifier == NONE
        && command instanceof BrokerCommand.Publish publish
        && publish.qos() == Qos.ONE;
  }

  void sent(BrokerCommand command, long now) {
    packetIdentifier = ((BrokerCommand.Publish) command).packetIdentifier();
    sentNanos = now;
  }

  /** Whether this PUBACK is the one that was waited for. */
  boolean awaits(int acknowledged) {
    return packetIdentifier != NONE && packetIdentifier == acknowledged;
  }

  void acknowledged(long now) {
    packetIdentifier = NONE;
    histogram.record(now - sentNanos);
  }
}
