package mqttsn.gateway.broker.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SslEarlyDataReadyEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mqttsn.gateway.broker.quic.PathAction.ExchangeSocket;
import mqttsn.gateway.broker.quic.PathAction.GiveUp;
import mqttsn.gateway.broker.quic.PathAction.Ping;
import mqttsn.gateway.broker.quic.PathAction.Probe;
import mqttsn.gateway.broker.quic.PathAction.Replay;
import mqttsn.gateway.broker.quic.PathAction.Report;
import mqttsn.gateway.broker.quic.PathAction.RestartHandshake;
import mqttsn.gateway.config.QuicSettings;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC connection over an exchangeable socket: does what its {@link PathPolicy} decides.
 *
 * <p>All in the event loop. Ends, and closes its sockets, when the QUIC connection ends.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class Path implements AnchorChannel.Observer, RouteWatcher.Listener {

  /** How long an exchanged socket still receives what was on its way. */
  private static final long LINGER_SECONDS = 3;

  /** How long a closed stream's last octets, and a probe's session ticket, may take. */
  private static final long CLOSE_LINGER_MILLIS = 500;

  private static final int STREAM_WINDOW_BYTES = 256 * 1024;

  private final QuicTransport transport;
  private final EventLoop loop;
  private final QuicSettings settings;
  private final PathCounters counters;
  private final String host;
  private final InetSocketAddress broker;
  private final Consumer<PathEvent> listener;
  private final Runnable restartHandshake;
  private final PathPolicy policy;
  private final ReplayRing ring;
  private final AnchorChannel anchor;
  private final Promise<Path> ready;

  private @Nullable QuicSslEngine engine;
  private @Nullable QuicChannel quic;
  private @Nullable MqttStream mqtt;
  private @Nullable QuicConnectionCloseEvent closedByBroker;
  private boolean heard;
  private boolean resumed;
  private int changes;
  private Duration lastGap = Duration.ZERO;

  Path(
      QuicTransport transport,
      String host,
      InetSocketAddress broker,
      List<Uplink> uplinks,
      Consumer<PathEvent> listener,
      Runnable restartHandshake) {
    this.transport = transport;
    this.loop = transport.loop();
    this.settings = transport.settings();
    this.counters = transport.counters();
    this.host = host;
    this.broker = broker;
    this.listener = listener;
    this.restartHandshake = restartHandshake;
    this.policy = new PathPolicy(settings, uplinks, now());
    this.ring = new ReplayRing(settings.replayDatagrams(), settings.replayBytes().intBytes());
    this.anchor = new AnchorChannel(broker, this);
    this.ready = loop.newPromise();
  }

  /**
   * Opens the socket and begins the handshake.
   *
   * @return done when the connection can carry a stream: after the handshake or, with 0-RTT, before
   */
  Future<Path> open(Duration timeout) {
    loop.register(anchor);
    anchor.pipeline().addLast(codec());
    Sockets.open(loop, policy.current(), broker.getAddress(), fromSocket())
        .addListener(
            opened -> {
              if (opened.isSuccess()) {
                anchor.exchange(((ChannelFuture) opened).channel());
                shakeHands(timeout);
              } else {
                fail(opened.cause());
              }
            });
    return ready;
  }

  private void shakeHands(Duration timeout) {
    QuicChannel.newBootstrap(anchor)
        .handler(new FromQuic())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .remoteAddress(broker)
        .connect()
        .addListener(
            (Future<QuicChannel> connected) -> {
              if (connected.isSuccess()) {
                handshakeDone();
              } else {
                fail(connected.cause());
              }
            });
  }

  private void handshakeDone() {
    QuicSslEngine tls = Objects.requireNonNull(engine);
    if (!QuicTls.ALPN.equals(tls.getApplicationProtocol())) {
      fail(new QuicFailure("broker does not speak ALPN mqtt"));
      return;
    }
    policy.handshakeDone();
    resumed = QuicTls.resumed(tls);
    counters.handshakes.increment();
    if (resumed) {
      counters.resumptions.increment();
    }
    if (mqtt != null) {
      mqtt.handshakeDone();
    }
    ready.trySuccess(this);
  }

  private void fail(Throwable cause) {
    Throwable refused = engine == null ? null : QuicTls.refusal(engine);
    ready.tryFailure(QuicFailure.of(cause, refused, heard));
    close();
  }

  /** Opens the stream that carries the one MQTT connection. */
  Future<Channel> openStream() {
    Promise<Channel> promise = loop.newPromise();
    QuicChannel connection = Objects.requireNonNull(quic);
    MqttStream opening = new MqttStream(policy, this::now, !connection.isActive());
    mqtt = opening;
    connection
        .createStream(QuicStreamType.BIDIRECTIONAL, opening)
        .addListener(
            (Future<QuicStreamChannel> created) -> {
              if (created.isSuccess()) {
                QuicStreamChannel stream = created.getNow();
                stream.attr(QuicTransport.PATH).set(this);
                stream.closeFuture().addListener(closed -> closeSoon());
                transport.latest(this);
                promise.setSuccess(stream);
              } else {
                promise.setFailure(QuicFailure.of(created.cause(), null, true));
                close();
              }
            });
    return promise;
  }

  PathStatus status() {
    Channel socket = anchor.socket();
    int port =
        socket != null && socket.localAddress() instanceof InetSocketAddress local
            ? local.getPort()
            : 0;
    return new PathStatus(policy.current(), port, resumed, changes, lastGap);
  }

  /** Why the broker ended the connection, in words; null if it did not. */
  @Nullable String endedByBroker() {
    return closedByBroker == null ? null : QuicFailure.words(closedByBroker);
  }

  void close() {
    transport.unwatch(broker, this);
    transport.ended(this);
    if (quic != null) {
      quic.close().addListener(closed -> anchor.close());
    } else {
      anchor.close();
    }
  }

  /** Leaves time to what is on its way. */
  void closeSoon() {
    loop.schedule(this::close, CLOSE_LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void perform(List<PathAction> actions) {
    for (PathAction action : actions) {
      if (action instanceof ExchangeSocket exchange) {
        exchangeSocket(exchange.to());
      } else if (action instanceof Replay) {
        replay();
      } else if (action instanceof Ping) {
        if (mqtt != null) {
          mqtt.wantPing();
        }
      } else if (action instanceof Probe probe) {
        counters.probes.increment();
        transport
            .probe(host, broker, List.of(probe.on()))
            .addListener(done -> perform(policy.probeDone(done.isSuccess(), now())));
      } else if (action instanceof RestartHandshake) {
        counters.handshakesRestarted.increment();
        restartHandshake.run();
      } else if (action instanceof Report report) {
        report(report.event());
      } else if (action instanceof GiveUp) {
        close();
      }
    }
  }

  private void exchangeSocket(Uplink to) {
    Sockets.open(loop, to, broker.getAddress(), fromSocket())
        .addListener(
            opened -> {
              Channel next = ((ChannelFuture) opened).channel();
              if (!opened.isSuccess()) {
                policy.sendFailed(now());
              } else if (!anchor.isOpen()) {
                next.close();
              } else {
                Channel before = anchor.exchange(next);
                linger(before);
                replay();
              }
            });
  }

  private void linger(@Nullable Channel before) {
    if (before != null) {
      loop.schedule(() -> before.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void replay() {
    ring.forEach(anchor::sendAgain);
    anchor.flushSocket();
    counters.replayedDatagrams.add(ring.size());
  }

  private void report(PathEvent event) {
    counters.count(event);
    if (event instanceof PathEvent.Changed) {
      changes++;
      transport.latest(this);
    } else if (event instanceof PathEvent.Recovered recovered) {
      lastGap = recovered.gap();
    }
    listener.accept(event);
  }

  @Override
  public void looked(List<Uplink> uplinks) {
    perform(policy.uplinks(uplinks, now()));
    perform(policy.tick(now()));
  }

  @Override
  public void sent(ByteBuf datagram) {
    policy.sent(now());
    ring.keep(datagram);
  }

  @Override
  public void sendFailed(Throwable cause) {
    counters.sendsFailed.increment();
    policy.sendFailed(now());
  }

  @Override
  public void received(boolean onCurrentSocket) {
    heard = true;
    if (onCurrentSocket) {
      perform(policy.received(now()));
    }
  }

  @Override
  public void stray() {
    counters.strayDatagrams.increment();
  }

  private ChannelHandler codec() {
    return new QuicClientCodecBuilder()
        .sslEngineProvider(
            channel -> {
              quic = channel;
              QuicSslEngine fresh =
                  transport.tls().newEngine(channel.alloc(), host, broker.getPort());
              engine = fresh;
              return fresh;
            })
        // With ids of our own, a broker would need an unused one for each new path, and the library
        // never issues any. With none, a change of path costs nothing, and each connection a
        // socket.
        .localConnectionIdLength(0)
        .maxIdleTimeout(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .maxRecvUdpPayloadSize(Sockets.MAX_DATAGRAM_BYTES)
        .initialMaxData(2L * STREAM_WINDOW_BYTES)
        .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW_BYTES)
        .congestionControlAlgorithm(
            switch (settings.congestionControl()) {
              case CUBIC -> QuicCongestionControlAlgorithm.CUBIC;
              case BBR -> QuicCongestionControlAlgorithm.BBR;
              case RENO -> QuicCongestionControlAlgorithm.RENO;
            })
        .build();
  }

  private ChannelHandler fromSocket() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        anchor.receive(ctx.channel(), (DatagramPacket) message);
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext ctx) {
        anchor.receiveComplete();
      }

      @Override
      public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
          anchor.resume();
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A failed read of a UDP socket is an ICMP message: the stall detector sees what it means.
        policy.sendFailed(now());
      }
    };
  }

  private long now() {
    return transport.now();
  }

  /** What the QUIC connection itself tells. */
  private final class FromQuic extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof QuicConnectionCloseEvent close) {
        closedByBroker = close;
        // The library would wait for stragglers first. It is in the middle of receiving.
        loop.execute(() -> fail(new QuicFailure(QuicFailure.words(close))));
      } else if (event instanceof SslEarlyDataReadyEvent) {
        // The library is in the middle of sending; a stream can be opened after that.
        loop.execute(() -> ready.trySuccess(Path.this));
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      close();
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Packets that cannot be decrypted end here: forged ones change nothing.
    }
  }
}
