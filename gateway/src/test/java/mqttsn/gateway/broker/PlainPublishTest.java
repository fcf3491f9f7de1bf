package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import java.util.Random;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPublishTest {

  private static final BrokerSecrets NO_SECRETS = new BrokerSecrets(null, null, null);

  /** An encoder that has seen CONNECT, and thereby the version. */
  private static EmbeddedChannel library(boolean version5) {
    EmbeddedChannel library = new EmbeddedChannel(MqttEncoder.INSTANCE);
    library.writeOutbound(
        ToBroker.connect(
            VirtualLinks.connect("c", Attempts.ONE_ROUND),
            version5,
            NO_SECRETS,
            new ToBroker.Announced(60, 1000)));
    library.<ByteBuf>readOutbound().release();
    return library;
  }

  private static BrokerCommand.Publish random(Random random) {
    // Around the lengths at which the remaining length takes one octet more.
    int size = new int[] {0, 5, 100, 16_350}[random.nextInt(4)] + random.nextInt(40);
    byte[] payload = new byte[size];
    random.nextBytes(payload);
    Qos qos = Qos.ofLevel(random.nextInt(3));
    return new BrokerCommand.Publish(
        qos == Qos.ZERO ? 0 : 1 + random.nextInt(0xFFFF),
        new String[] {"t", "a/b/c", "größe/温度/\uD83D\uDE00"}[random.nextInt(3)],
        Octets.of(payload),
        qos,
        random.nextBoolean(),
        random.nextBoolean(),
        null);
  }

  private static BrokerCommand.Publish publishOf(BrokerCommand.@Nullable Origin origin) {
    return new BrokerCommand.Publish(5, "t", Octets.EMPTY, Qos.ONE, false, false, origin);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void makesTheOctetsOfTheLibrary(boolean version5) {
    EmbeddedChannel library = library(version5);
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      BrokerCommand.Publish publish = random(random);

      ByteBuf octets = PlainPublish.encode(publish, version5, UnpooledByteBufAllocator.DEFAULT);
      library.writeOutbound(ToBroker.packet(publish, version5, false));
      ByteBuf expected = library.readOutbound();

      assertThat(ByteBufUtil.hexDump(octets)).isEqualTo(ByteBufUtil.hexDump(expected));
      assertThat(octets.writableBytes()).isZero();
      octets.release();
      expected.release();
    }
  }

  @Test
  void hasNoUserProperties() {
    BrokerCommand.Publish publish = publishOf(null);
    BrokerCommand.Publish shared = publishOf(new BrokerCommand.Origin("c", 9));

    assertThat(PlainPublish.is(publish, true)).isTrue();
    assertThat(PlainPublish.is(shared, true)).isFalse();
    assertThat(PlainPublish.is(shared, false)).isTrue();
    assertThat(PlainPublish.is(new BrokerCommand.PingReq(), true)).isFalse();
  }
}
