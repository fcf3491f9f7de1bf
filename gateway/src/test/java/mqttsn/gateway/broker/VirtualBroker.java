package mqttsn.gateway.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.Ticker;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.config.BrokerUrl;
import org.jspecify.annotations.Nullable;

/**
 * Brokers without sockets, in virtual time: the test sees each attempt of the gateway to connect,
 * and plays the broker on the connections that it accepts.
 */
final class VirtualBroker implements BrokerTransport {

  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel home = EmbeddedChannel.builder().ticker(ticker).build();
  private final List<Call> calls = new ArrayList<>();

  /** An attempt of the gateway to connect, not answered yet. */
  final class Call {
    final BrokerUrl url;
    final Duration timeout;
    private final Promise<Channel> connected;

    Call(BrokerUrl url, Duration timeout, Promise<Channel> connected) {
      this.url = url;
      this.timeout = timeout;
      this.connected = connected;
    }

    Connection accept() {
      EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
      connected.setSuccess(channel);
      settle();
      return new Connection(channel);
    }

    void refuse() {
      connected.setFailure(new ConnectException("Connection refused"));
      settle();
    }

    boolean isAbandoned() {
      return connected.isCancelled();
    }
  }

  /** The broker's end of a connection. */
  final class Connection {
    private final EmbeddedChannel gateway;
    private final EmbeddedChannel broker =
        new EmbeddedChannel(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE);

    private Connection(EmbeddedChannel gateway) {
      this.gateway = gateway;
    }

    /** The next packet that the gateway has sent; null if there is none. */
    @Nullable MqttMessage received() {
      settle();
      for (ByteBuf octets = gateway.readOutbound();
          octets != null;
          octets = gateway.readOutbound()) {
        broker.writeInbound(octets);
      }
      return broker.readInbound();
    }

    <P extends MqttMessage> P received(Class<P> type) {
      MqttMessage packet = received();
      if (!type.isInstance(packet) || packet.decoderResult().isFailure()) {
        throw new AssertionError("expected " + type.getSimpleName() + ", received " + packet);
      }
      return type.cast(packet);
    }

    void send(MqttMessage packet) {
      broker.writeOutbound(packet);
      for (ByteBuf octets = broker.readOutbound(); octets != null; octets = broker.readOutbound()) {
        gateway.writeInbound(octets);
      }
      settle();
    }

    void sendHex(String octets) {
      gateway.writeInbound(
          Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(octets.replace(" ", ""))));
      settle();
    }

    /** Takes CONNECT and accepts it. */
    MqttConnectMessage welcome() {
      return welcome(MqttProperties.NO_PROPERTIES);
    }

    MqttConnectMessage welcome(MqttProperties properties) {
      MqttConnectMessage connect = received(MqttConnectMessage.class);
      send(connAck(MqttConnectReturnCode.CONNECTION_ACCEPTED, properties));
      return connect;
    }

    void close() {
      gateway.close().syncUninterruptibly();
      settle();
    }

    boolean isClosed() {
      settle();
      return !gateway.isOpen();
    }

    EmbeddedChannel channel() {
      return gateway;
    }
  }

  static MqttConnAckMessage connAck(MqttConnectReturnCode code, MqttProperties properties) {
    return MqttMessageBuilders.connAck().returnCode(code).properties(properties).build();
  }

  @Override
  public void connect(BrokerUrl url, Duration timeout, Promise<Channel> connected) {
    calls.add(new Call(url, timeout, connected));
  }

  EventLoop loop() {
    return home.eventLoop();
  }

  long now() {
    return ticker.nanoTime();
  }

  /** The oldest attempt that was not answered yet. */
  Call call() {
    settle();
    assertThat(calls).as("attempts to connect").isNotEmpty();
    return calls.remove(0);
  }

  /** Attempts that are neither answered nor abandoned. */
  int callCount() {
    settle();
    calls.removeIf(Call::isAbandoned);
    return calls.size();
  }

  /** Does what waits for no time. */
  void settle() {
    home.runPendingTasks();
  }

  void advance(Duration time) {
    long left = time.toNanos();
    settle();
    while (left > 0) {
      long next = home.runScheduledPendingTasks();
      settle();
      long step = next < 0 ? left : Math.min(left, Math.max(next, 1));
      ticker.advance(step, TimeUnit.NANOSECONDS);
      left -= step;
    }
    home.runScheduledPendingTasks();
    settle();
  }
}
