package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.session.BrokerCommand;
import org.junit.jupiter.api.Test;

class RoundTripTest {

  private final LatencyHistogram histogram = new LatencyHistogram();
  private final RoundTrip roundTrip = new RoundTrip(histogram);

  private void exchange(int acknowledged, long flushedNanos, long readNanos) {
    roundTrip.flushed(flushedNanos);
    roundTrip.acknowledged(acknowledged);
    roundTrip.read(readNanos);
  }

  @Test
  void measuresFromTheFlushOfAPublishWithQosOneToItsPubAck() {
    roundTrip.written(publish(0, Qos.ZERO));
    roundTrip.written(publish(1, Qos.TWO));
    exchange(1, 1_000, 5_001_000);
    assertThat(histogram.sumSeconds()).isZero();

    roundTrip.written(publish(2, Qos.ONE));
    exchange(2, 1_000, 5_001_000);
    assertThat(histogram.sumSeconds()).isEqualTo(0.005);
  }

  @Test
  void measuresOnePublishAtATime() {
    roundTrip.written(publish(2, Qos.ONE));
    roundTrip.flushed(1_000);
    roundTrip.written(publish(3, Qos.ONE));

    exchange(3, 2_000, 3_001_000);
    assertThat(histogram.sumSeconds()).isZero();
    exchange(2, 3_000, 5_001_000);
    assertThat(histogram.sumSeconds()).isEqualTo(0.005);
  }

  private static BrokerCommand publish(int packetIdentifier, Qos qos) {
    return new BrokerCommand.Publish(
        packetIdentifier, "a/b", Octets.EMPTY, qos, false, false, null);
  }
}
