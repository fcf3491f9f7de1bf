package mqttsn.gateway.broker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * One MQTT connection, from CONNECT to the end of its channel.
 *
 * <p>It tells its owner of everything in later turns of the event loop, or from within a read:
 * never while the owner calls it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class MqttConnection extends ChannelInboundHandlerAdapter implements FrameGuard.Observer {

  /** Who uses the connection. After {@link #refused} or {@link #lost} nothing more is told. */
  interface Owner {

    /** CONNACK with success. */
    void accepted(boolean sessionPresent, BrokerLimits limits);

    /** CONNACK with anything else. */
    void refused(ReasonCodes.Scope scope, String why);

    /**
     * The connection is unusable, and nobody said farewell.
     *
     * @param takenOver whether the broker says that another connection has the ClientId now
     */
    void lost(String why, boolean takenOver);

    /** A packet of the broker, or a change of congestion, after CONNACK. */
    void happened(BrokerEvent event);
  }

  /** How long the broker may take to close the connection after DISCONNECT. */
  static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(3);

  /**
   * Unsent octets beyond which the broker counts as dead. The core stops far below, at the first
   * {@link BrokerEvent.Congestion}, with everything but acknowledgements and what already runs.
   */
  private static final long MAX_UNSENT_BYTES = 1 << 20;

  private enum State {
    /** CONNECT is sent. */
    CONNECTING,
    /** CONNACK came. */
    OPEN,
    /** Lost, refused, or ended by us: the owner hears no more. */
    OVER
  }

  private final Shell shell;
  private final Channel channel;
  private final boolean version5;
  private final BrokerKeepAlive keepAlive;
  private final RoundTrip roundTrip;

  /** Enters the pipeline in front of the library's codec. */
  private OctetBatch octets;

  private Owner owner;
  private State state = State.CONNECTING;
  private BrokerLimits limits = BrokerLimits.MQTT_3_1_1;
  private boolean subscriptionIdentifiers;

  /** Written to since the last flush. */
  private boolean unflushed;

  private boolean congested;
  private boolean congestionIsChecked;

  /** Packet identifiers of skipped QoS 2 messages, whose PUBREL only we know of. */
  private @Nullable BitSet skippedQos2;

  @SuppressWarnings("NullAway.Init") // The way around the codec comes with the pipeline.
  private MqttConnection(Shell shell, Channel channel, boolean version5, Owner owner) {
    this.shell = shell;
    this.channel = channel;
    this.version5 = version5;
    this.owner = owner;
    this.keepAlive = new BrokerKeepAlive(shell, () -> write(ToBroker.PINGREQ), this::fail);
    this.roundTrip = new RoundTrip(shell.counters().roundTrip);
  }

  /** Sends CONNECT over a channel that is ready for it. */
  static MqttConnection connect(
      Shell shell, Channel channel, boolean version5, BrokerConnect connect, Owner owner) {
    MqttConnection connection = new MqttConnection(shell, channel, version5, owner);
    int maxPacketBytes = shell.settings().maxPacket().intBytes();
    ChannelPipeline pipeline = channel.pipeline();
    FrameGuard guard = new FrameGuard(maxPacketBytes, version5, connection);
    pipeline.addLast(guard);
    connection.octets = new OctetBatch(pipeline.context(guard));
    pipeline.addLast(new MqttDecoder(maxPacketBytes));
    pipeline.addLast(MqttEncoder.INSTANCE);
    pipeline.addLast(connection);
    int keepAliveSeconds = (int) shell.settings().keepAlive().toSeconds();
    connection.write(
        ToBroker.connect(
            connect,
            version5,
            shell.secrets(),
            new ToBroker.Announced(keepAliveSeconds, maxPacketBytes)));
    return connection;
  }

  void owner(Owner next) {
    owner = next;
  }

  boolean isVersion5() {
    return version5;
  }

  /** Completes when the channel is closed. */
  Future<Void> closed() {
    return channel.closeFuture();
  }

  void send(BrokerCommand command) {
    if (state != State.OPEN) {
      shell.counters().unsendable++;
      return;
    }
    if (command instanceof BrokerCommand.Publish publish
        && !ToBroker.fits(publish, limits.maximumPacketBytes())) {
      shell.counters().tooLargeForBroker++;
      return;
    }
    if (command instanceof BrokerCommand.PingReq) {
      keepAlive.coreAsks();
    }
    roundTrip.written(command);
    write(command);
  }

  /** Ends the connection with DISCONNECT; the owner hears no more. */
  void end(Farewell farewell) {
    if (state == State.OVER) {
      channel.close();
      return;
    }
    octets.write();
    over();
    channel.writeAndFlush(ToBroker.disconnect(farewell, version5));
    // The broker closes when it has seen DISCONNECT: then a CONNECT with the same ClientId, over
    // another connection, cannot overtake it and fire the will.
    Future<?> timer =
        shell.loop().schedule(() -> channel.close(), FAREWELL_NANOS, TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }

  /** Ends the connection without DISCONNECT; the owner hears no more. */
  void abandon() {
    over();
    channel.close();
  }

  void flush(long now) {
    unflushed = false;
    keepAlive.wrote(now);
    roundTrip.flushed(now);
    octets.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (state != State.OVER) {
        read((MqttMessage) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readComplete();
  }

  @Override
  public void readComplete() {
    long now = shell.now();
    roundTrip.read(now);
    keepAlive.heard(now);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    // This can happen inside send(): the owner hears of it in a later turn.
    if (!congestionIsChecked) {
      congestionIsChecked = true;
      shell.loop().execute(this::checkCongestion);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == BrokerTransport.Signal.PING_WANTED && state == State.OPEN) {
      keepAlive.ping();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail("the broker closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
      Logger.error(cause, "a packet of the broker could not be handled");
    }
    fail(Failures.words(cause));
  }

  @Override
  public void skipped(int qos, int packetIdentifier) {
    shell.counters().skippedOversize++;
    if (qos == 1) {
      write(new BrokerCommand.PubAck(packetIdentifier));
    } else if (qos == 2) {
      if (skippedQos2 == null) {
        skippedQos2 = new BitSet();
      }
      skippedQos2.set(packetIdentifier);
      write(new BrokerCommand.PubRec(packetIdentifier));
    }
  }

  @Override
  public void pubAck(int packetIdentifier, int reasonCode) {
    if (state == State.CONNECTING) {
      fail("protocol error: PUBACK before CONNACK");
    } else if (state == State.OPEN) {
      happened(FromBroker.pubAck(packetIdentifier, reasonCode));
    }
  }

  @Override
  public void speaksOnlyVersion311() {
    if (state == State.CONNECTING) {
      refused(ReasonCodes.Scope.VERSION, "refused: the broker speaks MQTT 3.1.1");
    }
  }

  private void read(MqttMessage packet) {
    if (packet.decoderResult().isFailure()) {
      fail("malformed packet: " + Failures.words(packet.decoderResult().cause()));
      return;
    }
    if (state == State.CONNECTING) {
      if (packet instanceof MqttConnAckMessage connAck) {
        connAck(connAck);
      } else {
        fail("protocol error: " + packet.fixedHeader().messageType() + " before CONNACK");
      }
      return;
    }
    happened(event(packet));
  }

  private void happened(@Nullable BrokerEvent event) {
    shell.counters().packetsFromBroker++;
    if (event instanceof BrokerEvent.PubAck pubAck) {
      roundTrip.acknowledged(pubAck.packetIdentifier());
    }
    if (event != null) {
      owner.happened(event);
    }
  }

  /** What the packet means for the core; null if nothing. */
  private @Nullable BrokerEvent event(MqttMessage packet) {
    return switch (packet.fixedHeader().messageType()) {
      case PUBLISH -> FromBroker.publish((MqttPublishMessage) packet);
      case PUBACK -> FromBroker.pubAck(packet);
      case PUBREC -> FromBroker.pubRec(packet);
      case PUBREL -> pubRel(FromBroker.pubRel(packet));
      case PUBCOMP -> FromBroker.pubComp(packet);
      case SUBACK -> FromBroker.subAck((MqttSubAckMessage) packet);
      case UNSUBACK -> FromBroker.unsubAck(packet);
      case PINGRESP -> keepAlive.answered() ? new BrokerEvent.PingResp() : null;
      case DISCONNECT -> disconnected(packet);
      case CONNECT, CONNACK, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, AUTH ->
          throw new CorruptedFrameException(
              "a broker must not send " + packet.fixedHeader().messageType() + " here");
    };
  }

  private @Nullable BrokerEvent pubRel(BrokerEvent.PubRel pubRel) {
    if (skippedQos2 != null && skippedQos2.get(pubRel.packetIdentifier())) {
      skippedQos2.clear(pubRel.packetIdentifier());
      write(new BrokerCommand.PubComp(pubRel.packetIdentifier()));
      return null;
    }
    return pubRel;
  }

  private @Nullable BrokerEvent disconnected(MqttMessage packet) {
    if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
      fail(
          ReasonCodes.disconnection(header.reasonCode(), header.properties()),
          ReasonCodes.isTakenOver(header.reasonCode()));
    } else {
      fail(ReasonCodes.disconnection((byte) 0, null));
    }
    return null;
  }

  private void connAck(MqttConnAckMessage packet) {
    MqttConnectReturnCode code = packet.variableHeader().connectReturnCode();
    MqttProperties properties = packet.variableHeader().properties();
    if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
      refused(ReasonCodes.scope(code), ReasonCodes.refusal(code, properties));
      return;
    }
    limits = FromBroker.limits(packet, version5);
    int keepAliveSeconds = (int) shell.settings().keepAlive().toSeconds();
    if (version5) {
      subscriptionIdentifiers =
          FromBroker.number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 1) == 1;
      keepAliveSeconds =
          FromBroker.number(properties, MqttProperties.SERVER_KEEP_ALIVE, keepAliveSeconds);
    }
    state = State.OPEN;
    keepAlive.begin(TimeUnit.SECONDS.toNanos(keepAliveSeconds));
    owner.accepted(packet.variableHeader().isSessionPresent(), limits);
  }

  private void refused(ReasonCodes.Scope scope, String why) {
    over();
    channel.close();
    shell.loop().execute(() -> owner.refused(scope, why));
  }

  private void fail(String why) {
    fail(why, false);
  }

  private void fail(String why, boolean takenOver) {
    if (state != State.OVER) {
      over();
      channel.close();
      shell.loop().execute(() -> owner.lost(why, takenOver));
    }
  }

  private void over() {
    state = State.OVER;
    octets.drop();
    keepAlive.end();
  }

  private void write(BrokerCommand command) {
    if (FrequentPackets.write(command, version5, octets)) {
      written();
    } else {
      write(ToBroker.packet(command, subscriptionIdentifiers));
    }
  }

  private void write(MqttMessage packet) {
    octets.write();
    channel.write(packet, channel.voidPromise());
    written();
  }

  private void written() {
    shell.counters().packetsToBroker++;
    if (!unflushed) {
      unflushed = true;
      shell.flushes().later(this);
    }
    if (!channel.isWritable() && channel.bytesBeforeWritable() > MAX_UNSENT_BYTES) {
      fail("the broker does not read: more than " + MAX_UNSENT_BYTES + " octets are unsent");
    }
  }

  private void checkCongestion() {
    congestionIsChecked = false;
    boolean now = !channel.isWritable();
    if (state == State.OPEN && now != congested) {
      congested = now;
      owner.happened(new BrokerEvent.Congestion(now));
    }
  }
}
