package mqttsn.daemon.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.net.BindFailure;
import mqttsn.daemon.net.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP server for what operators and their tools read: GET and HEAD of fixed paths, on one
 * thread of its own. Everything a stranger may send has a limit: connections, header octets, the
 * time for a request and for taking its answer.
 */
public final class AdminServer implements AutoCloseable {
  /** After this time a resource has failed. */
  public static final Duration ANSWER_DEADLINE = Duration.ofSeconds(5);

  /** The limits on who asks. */
  record Limits(int connections, Duration request, Duration answerTaken) {
    static final Limits DEFAULT = new Limits(64, Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  private static final int MAX_LINE_BYTES = 4_096;
  private static final int MAX_HEADER_BYTES = 8_192;

  private final EventLoopGroup loop;
  private final Channel listening;

  private AdminServer(EventLoopGroup loop, Channel listening) {
    this.loop = loop;
    this.listening = listening;
  }

  /**
   * Listens and serves until {@link #close()}.
   *
   * @param tokenFile holds the bearer token, or null for none
   * @throws ConfigurationException if the token cannot be read, or is missing on an address that
   *     others can reach
   * @throws IOException if the address cannot be bound; the message is one line that names it
   */
  public static AdminServer start(Endpoint listen, @Nullable Path tokenFile, Routes routes)
      throws ConfigurationException, IOException {
    return start(listen, tokenFile, routes, Limits.DEFAULT);
  }

  /**
   * Tries the token file, if there is one.
   *
   * @throws ConfigurationException if the token cannot be read
   */
  public static void check(@Nullable Path tokenFile) throws ConfigurationException {
    if (tokenFile != null) {
      BearerToken unused = BearerToken.read(tokenFile);
    }
  }

  static AdminServer start(Endpoint listen, @Nullable Path tokenFile, Routes routes, Limits limits)
      throws ConfigurationException, IOException {
    InetAddress address = resolve(listen);
    if (tokenFile == null && !address.isLoopbackAddress()) {
      throw new ConfigurationException(
          "admin.listen: expected a loopback address, or a token-file beside it, found " + listen);
    }
    BearerToken token = tokenFile == null ? null : BearerToken.read(tokenFile);
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("admin", true), Transport.best().ioHandler());
    var bound =
        bootstrap(loop, new Gatekeeper(token), routes.copy(), limits)
            .bind(new InetSocketAddress(address, listen.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      String reason = BindFailure.reason(bound.cause());
      throw new IOException("cannot listen on TCP " + listen + ": " + reason, bound.cause());
    }
    return new AdminServer(loop, bound.channel());
  }

  private static ServerBootstrap bootstrap(
      EventLoopGroup loop, Gatekeeper gatekeeper, Routes routes, Limits limits) {
    Class<? extends ServerChannel> channel =
        Transport.best() == Transport.EPOLL
            ? EpollServerSocketChannel.class
            : NioServerSocketChannel.class;
    ChannelGroup open = new DefaultChannelGroup(loop.next());
    HttpDecoderConfig decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES);
    return new ServerBootstrap()
        .group(loop)
        .channel(channel)
        .option(ChannelOption.SO_BACKLOG, limits.connections())
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel connection) {
                if (open.size() >= limits.connections()) {
                  var unused = connection.close();
                  return;
                }
                open.add(connection);
                connection
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(decoding),
                        new RequestHandler(gatekeeper, routes, limits));
              }
            });
  }

  /** Where it listens, with the port that it got. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Stops listening and ends every connection; returns when that is done. */
  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static InetAddress resolve(Endpoint listen) throws IOException {
    try {
      return InetAddress.getByName(listen.host());
    } catch (UnknownHostException e) {
      throw new IOException("cannot listen on TCP " + listen + ": unknown host", e);
    }
  }
}
