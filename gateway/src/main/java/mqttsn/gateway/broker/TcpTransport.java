package mqttsn.gateway.broker;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mqttsn.daemon.net.ReceiveBuffer;
import mqttsn.gateway.config.BrokerUrl;
import org.jspecify.annotations.Nullable;

/** MQTT over TCP: bare, in TLS, in WebSocket, or both. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the channel.
final class TcpTransport implements BrokerTransport {

  /** From here on a connection is congested, until it is below the low mark again. */
  private static final WriteBufferWaterMark UNSENT_BYTES =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private static final int READ_BYTES = 8 * 1024;
  private static final int READS_A_TURN = 16;

  /** Largest WebSocket frame; it is held in memory as a whole, unlike an oversize PUBLISH. */
  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

  private static final int MAX_HTTP_RESPONSE_BYTES = 8 * 1024;

  private final IoEventLoop loop;
  private final Class<? extends SocketChannel> channelType;
  private final BrokerAddresses addresses;
  private final @Nullable SslContext tls;
  private final Executor tlsTasks = tlsTasks();
  private final ReceiveBuffer receiveBuffer = new ReceiveBuffer(READ_BYTES, READS_A_TURN);

  /**
   * @param tls for mqtts:// and wss://; null where no URL needs it
   */
  TcpTransport(IoEventLoop loop, @Nullable SslContext tls) {
    this.loop = loop;
    this.tls = tls;
    boolean epoll = loop.isIoType(EpollIoHandler.class);
    this.channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    this.addresses = new BrokerAddresses(loop);
  }

  /** The arithmetic of TLS handshakes, milliseconds each, is done beside the event loop. */
  private static Executor tlsTasks() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "broker-tls");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public void connect(BrokerUrl url, Duration timeout, Promise<Channel> connected) {
    addresses.reach(
        url,
        timeout,
        connected,
        (address, nanos, failed) -> connect(url, address, nanos, connected, failed));
  }

  private void connect(
      BrokerUrl url,
      InetSocketAddress address,
      long nanos,
      Promise<Channel> connected,
      Consumer<Throwable> failed) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    ChannelFuture reached =
        new Bootstrap()
            .group(loop)
            .channel(channelType)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) millis)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
            .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffer)
            .handler(new Layers(url, connected))
            .connect(address);
    if (reached.isDone() && !reached.isSuccess()) {
      // Without a socket, as when no file descriptors are left, there is no channel to close.
      failed.accept(reached.cause());
      return;
    }
    Channel channel = reached.channel();
    // Also when the time was up during a handshake.
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            channel.close();
          }
        });
    reached.addListener(
        done -> {
          if (!done.isSuccess()) {
            failed.accept(done.cause());
          }
        });
  }

  /** Puts the layers between TCP and MQTT into a pipeline. */
  private final class Layers extends ChannelInitializer<Channel> {
    private final BrokerUrl url;
    private final Promise<Channel> connected;

    Layers(BrokerUrl url, Promise<Channel> connected) {
      this.url = url;
      this.connected = connected;
    }

    @Override
    protected void initChannel(Channel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      if (url.scheme().isSecure()) {
        if (tls == null) {
          throw new IllegalStateException("no TLS for " + url);
        }
        // SNI and the check of the certificate use the host of the URL.
        pipeline.addLast(tls.newHandler(channel.alloc(), url.host(), url.port(), tlsTasks));
      }
      if (url.scheme().isWebSocket()) {
        pipeline.addLast(new HttpClientCodec());
        pipeline.addLast(new HttpObjectAggregator(MAX_HTTP_RESPONSE_BYTES));
        pipeline.addLast(
            new WebSocketClientProtocolHandler(
                WebSocketClientProtocolConfig.newBuilder()
                    .webSocketUri(url.toString())
                    .version(WebSocketVersion.V13)
                    .subprotocol("mqtt")
                    .maxFramePayloadLength(MAX_FRAME_BYTES)
                    .build()));
        pipeline.addLast(new WebSocketOctets());
      }
      pipeline.addLast(new Ready(url.scheme(), connected));
    }
  }
}
