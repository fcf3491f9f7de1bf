package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect.Attempts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Octet for octet what the library makes of the same packets. */
class FrequentPacketsTest {

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

  private static BrokerCommand.Publish randomPublish(Random random) {
    // Around the lengths at which the remaining length takes one octet more.
    int size = new int[] {0, 5, 50, 100, 16_300, 16_350}[random.nextInt(6)] + random.nextInt(40);
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
        random.nextBoolean() ? null : randomOrigin(random));
  }

  private static BrokerCommand.Origin randomOrigin(Random random) {
    // The length of the properties takes two octets for the longest.
    String clientId = new String[] {"c", "größe", "client-".repeat(20)}[random.nextInt(3)];
    long sequence =
        new long[] {0, 9, 10, 99, 1_234_567_890_123L, Long.MAX_VALUE}[random.nextInt(6)];
    return new BrokerCommand.Origin(clientId, sequence);
  }

  private static MqttMessage ofLibrary(BrokerCommand.Publish publish, boolean version5) {
    MqttProperties properties = new MqttProperties();
    if (version5 && publish.origin() != null) {
      UserProperties pairs = new UserProperties();
      pairs.add("client-id", publish.origin().clientId());
      pairs.add("sequence", Long.toString(publish.origin().sequence()));
      properties.add(pairs);
    }
    return new MqttPublishMessage(
        new MqttFixedHeader(
            MqttMessageType.PUBLISH,
            publish.dup(),
            MqttQoS.valueOf(publish.qos().level()),
            publish.retain(),
            0),
        new MqttPublishVariableHeader(publish.topicName(), publish.packetIdentifier(), properties),
        publish.payload().toByteBuf());
  }

  private static MqttMessage ofLibrary(MqttMessageType type, int qos, int packetIdentifier) {
    return new MqttMessage(
        new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), false, 0),
        MqttMessageIdVariableHeader.from(packetIdentifier));
  }

  /** What is written, as hexadecimal digits; empty for nothing. */
  private static String written(BrokerCommand command, boolean version5) {
    List<ByteBuf> reserved = new ArrayList<>();
    boolean isWritten =
        FrequentPackets.write(
            command,
            version5,
            octets -> {
              reserved.add(UnpooledByteBufAllocator.DEFAULT.directBuffer(octets, octets));
              return reserved.get(0);
            });
    assertThat(reserved).hasSize(isWritten ? 1 : 0).noneMatch(ByteBuf::isWritable);
    String hex = reserved.stream().map(ByteBufUtil::hexDump).collect(Collectors.joining());
    reserved.forEach(ByteBuf::release);
    return hex;
  }

  private static void assertSame(
      EmbeddedChannel library, boolean version5, BrokerCommand command, MqttMessage same) {
    library.writeOutbound(same);
    ByteBuf expected = library.readOutbound();
    assertThat(written(command, version5)).isEqualTo(ByteBufUtil.hexDump(expected));
    expected.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void publishes(boolean version5) {
    EmbeddedChannel library = library(version5);
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      BrokerCommand.Publish publish = randomPublish(random);
      assertSame(library, version5, publish, ofLibrary(publish, version5));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void acknowledgements(boolean version5) {
    EmbeddedChannel library = library(version5);
    for (int id : new int[] {1, 0xFF, 0x100, 0xFFFF}) {
      assertSame(
          library,
          version5,
          new BrokerCommand.PubAck(id),
          ofLibrary(MqttMessageType.PUBACK, 0, id));
      assertSame(
          library,
          version5,
          new BrokerCommand.PubRec(id),
          ofLibrary(MqttMessageType.PUBREC, 0, id));
      assertSame(
          library,
          version5,
          new BrokerCommand.PubRel(id),
          ofLibrary(MqttMessageType.PUBREL, 1, id));
      assertSame(
          library,
          version5,
          new BrokerCommand.PubComp(id),
          ofLibrary(MqttMessageType.PUBCOMP, 0, id));
    }
  }

  @Test
  void othersAreLeftToTheLibrary() {
    assertThat(written(new BrokerCommand.PingReq(), true)).isEmpty();
    assertThat(written(new BrokerCommand.Unsubscribe(1, "t"), true)).isEmpty();
    assertThat(written(new BrokerCommand.Subscribe(1, "t", Qos.ONE, 0, false), true)).isEmpty();
  }
}
