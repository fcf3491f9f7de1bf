package mqttsn.daemon.systemd;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Tells the service manager how the daemon is, over the datagram socket in {@code NOTIFY_SOCKET};
 * without one it does nothing. All of it happens on the daemon's event loop, so a loop that is
 * stuck does not feed the watchdog. A service manager that does not read costs dropped messages,
 * never a wait.
 */
public final class Notifier {
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);

  private final EventLoop loop;
  private final Supplier<String> status;
  private final long tickNanos;
  private final boolean watched;
  private final @Nullable ChannelFuture connected;
  private String lastStatus = "";

  private Notifier(EventLoop loop, Supplier<String> status, Map<String, String> environment) {
    this.loop = loop;
    this.status = status;
    long watchdogNanos = watchdogNanos(environment, ProcessHandle.current().pid());
    this.watched = watchdogNanos > 0;
    this.tickNanos =
        watched
            ? Math.min(watchdogNanos / 2, STATUS_INTERVAL.toNanos())
            : STATUS_INTERVAL.toNanos();
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    this.connected = socket.isEmpty() ? null : connect(socket);
    if (connected != null) {
      var unused = loop.scheduleAtFixedRate(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Connects to the service manager, if there is one; never fails.
   *
   * @param status the daemon in one line, asked for on the event loop
   */
  public static Notifier open(
      Map<String, String> environment, EventLoop loop, Supplier<String> status) {
    return new Notifier(loop, status, environment);
  }

  /** The daemon serves: from its start or again after {@link #reloading()}. */
  public void ready() {
    send("READY=1");
    if (connected != null) {
      loop.execute(this::tick);
    }
  }

  /** The daemon reads its configuration again and will say {@link #ready()}. */
  public void reloading() {
    // The JVM's nanoTime is the CLOCK_MONOTONIC that the service manager compares with.
    send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
  }

  /** The daemon is about to end. */
  public void stopping() {
    send("STOPPING=1");
  }

  /** How often {@code WATCHDOG_USEC} wants to hear from process {@code pid}; 0 for not at all. */
  static long watchdogNanos(Map<String, String> environment, long pid) {
    String meant = environment.getOrDefault("WATCHDOG_PID", "");
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean mine = meant.isEmpty() || meant.equals(Long.toString(pid));
    return mine && micros.matches("[0-9]{1,15}") ? Long.parseLong(micros) * 1_000 : 0;
  }

  private @Nullable ChannelFuture connect(String socket) {
    if (!Epoll.isAvailable()
        || !(loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class))) {
      Logger.warn("The service manager is not notified: epoll is missing on this machine");
      return null;
    }
    // A leading @ stands for the octet 0 of Linux's abstract socket names.
    String path = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    return new Bootstrap()
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(new Silent())
        .connect(new DomainSocketAddress(path))
        .addListener(connected -> warnUnless(connected, socket));
  }

  private static void warnUnless(Future<?> connected, String socket) {
    if (!connected.isSuccess()) {
      String why = connected.cause().toString();
      Logger.warn("The service manager at {} is not notified: {}", socket, why);
    }
  }

  private void send(String message) {
    if (connected != null) {
      connected.addListener(
          (ChannelFuture to) -> {
            if (to.isSuccess() && to.channel().isWritable()) {
              Channel channel = to.channel();
              var unused = channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), message));
            }
          });
    }
  }

  private void tick() {
    String line = status.get();
    if (!line.equals(lastStatus)) {
      lastStatus = line;
      send("STATUS=" + line.replace('\n', ' '));
    }
    if (watched) {
      send("WATCHDOG=1");
    }
  }

  /** Nobody answers on this socket, and an error on it is not the daemon's. */
  private static final class Silent extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Logger.debug(cause, "Notifying the service manager failed");
    }
  }
}
