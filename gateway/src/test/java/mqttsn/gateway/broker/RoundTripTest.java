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

  @Test
  void measuresOnePublishWithQosOneAtATime() {
    assertThat(roundTrip.wants(publish(0, Qos.ZERO))).isFalse();
    assertThat(roundTrip.wants(publish(1, Qos.TWO))).isFalse();
    assertThat(roundTrip.wants(publish(2, Qos.ONE))).isTrue();
    roundTrip.sent(publish(2, Qos.ONE), 1_000);

    assertThat(roundTrip.wants(publish(3, Qos.ONE))).isFalse();
    assertThat(roundTrip.awaits(3)).isFalse();
    assertThat(roundTrip.awaits(2)).isTrue();
    roundTrip.acknowledged(5_001_000);

    assertThat(histogram.sumSeconds()).isEqualTo(0.005);
    assertThat(roundTrip.awaits(2)).isFalse();
    assertThat(roundTrip.wants(publish(3, Qos.ONE))).isTrue();
  }

  private static BrokerCommand publish(int packetIdentifier, Qos qos) {
    return new BrokerCommand.Publish(
        packetIdentifier, "a/b", Octets.EMPTY, qos, false, false, null);
  }
}
