package mqttsn.gateway.broker.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mqttsn.gateway.broker.BrokerTransport;

/**
 * The least MQTT 3.1.1 client: it connects, publishes numbers and notes the numbers it receives.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class TestClient extends ChannelInboundHandlerAdapter {

  final CompletableFuture<Void> connected = new CompletableFuture<>();
  final CompletableFuture<Void> subscribed = new CompletableFuture<>();
  final List<Integer> received = new CopyOnWriteArrayList<>();
  final AtomicInteger acknowledged = new AtomicInteger();
  final AtomicInteger pingsWanted = new AtomicInteger();
  private final Channel stream;
  private final String filter;
  private int packetId = 1;

  private TestClient(Channel stream, String filter) {
    this.stream = stream;
    this.filter = filter;
  }

  /** Joins the pipeline, sends CONNECT and then a subscription to {@code filter} with QoS 1. */
  static TestClient start(Channel stream, String clientId, String filter) {
    TestClient client = new TestClient(stream, filter);
    stream
        .eventLoop()
        .execute(
            () -> {
              ChannelPipeline pipeline = stream.pipeline();
              pipeline.addLast(new MqttDecoder(1 << 20), MqttEncoder.INSTANCE, client);
              stream.writeAndFlush(
                  MqttMessageBuilders.connect()
                      .protocolVersion(MqttVersion.MQTT_3_1_1)
                      .clientId(clientId)
                      .cleanSession(true)
                      .keepAlive(600)
                      .build());
            });
    return client;
  }

  /** Publishes the decimal text of {@code number} with QoS 1; any thread. */
  void publish(String topic, int number) {
    stream
        .eventLoop()
        .execute(
            () -> {
              stream.writeAndFlush(
                  MqttMessageBuilders.publish()
                      .topicName(topic)
                      .qos(MqttQoS.AT_LEAST_ONCE)
                      .messageId(packetId)
                      .payload(
                          Unpooled.copiedBuffer(
                              Integer.toString(number), StandardCharsets.US_ASCII))
                      .build());
              packetId = packetId % 0xFFF0 + 1;
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      MqttMessage mqtt = (MqttMessage) message;
      switch (mqtt.fixedHeader().messageType()) {
        case CONNACK -> {
          connected.complete(null);
          ctx.writeAndFlush(
              MqttMessageBuilders.subscribe()
                  .messageId(0xFFFF)
                  .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
                  .build());
        }
        case SUBACK -> subscribed.complete(null);
        case PUBACK -> acknowledged.incrementAndGet();
        case PUBLISH -> {
          MqttPublishMessage publish = (MqttPublishMessage) mqtt;
          received.add(Integer.valueOf(publish.payload().toString(StandardCharsets.US_ASCII)));
          ctx.writeAndFlush(
              MqttMessageBuilders.pubAck().packetId(publish.variableHeader().packetId()).build());
        }
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == BrokerTransport.Signal.PING_WANTED) {
      pingsWanted.incrementAndGet();
      ctx.writeAndFlush(MqttMessage.PINGREQ);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connected.completeExceptionally(cause);
    ctx.close();
  }
}
