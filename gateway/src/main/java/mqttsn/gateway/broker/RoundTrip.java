package mqttsn.gateway.broker;

import mqttsn.codec.Qos;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.BrokerCommand;

/**
 * Measures how long the broker takes from a PUBLISH with QoS 1 to its PUBACK: of one publish at a
 * time, so that it costs a connection three fields. The clock is read by those who flush and read,
 * once for all packets.
 */
final class RoundTrip {

  private enum Phase {
    /** The next publish is the one to measure. */
    IDLE,
    WRITTEN,
    FLUSHED,
    ACKNOWLEDGED
  }

  private final LatencyHistogram histogram;
  private Phase phase = Phase.IDLE;
  private int packetIdentifier;
  private long flushedNanos;

  RoundTrip(LatencyHistogram histogram) {
    this.histogram = histogram;
  }

  /** A packet is on its way to the next flush. */
  void written(BrokerCommand command) {
    if (phase == Phase.IDLE
        && command instanceof BrokerCommand.Publish publish
        && publish.qos() == Qos.ONE) {
      phase = Phase.WRITTEN;
      packetIdentifier = publish.packetIdentifier();
    }
  }

  /** Everything written has left. */
  void flushed(long now) {
    if (phase == Phase.WRITTEN) {
      phase = Phase.FLUSHED;
      flushedNanos = now;
    }
  }

  /** PUBACK came. */
  void acknowledged(int identifier) {
    if (phase == Phase.FLUSHED && packetIdentifier == identifier) {
      phase = Phase.ACKNOWLEDGED;
    }
  }

  /** Everything that had come is read. */
  void read(long now) {
    if (phase == Phase.ACKNOWLEDGED) {
      phase = Phase.IDLE;
      histogram.record(now - flushedNanos);
    }
  }
}
