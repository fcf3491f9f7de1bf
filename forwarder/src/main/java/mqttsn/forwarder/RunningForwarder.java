package mqttsn.forwarder;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.process.Daemon;
import mqttsn.forwarder.config.Configuration;
import mqttsn.forwarder.net.Counters;
import mqttsn.forwarder.net.ForwarderShell;
import mqttsn.forwarder.serial.SerialLine;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** A forwarder that serves. */
final class RunningForwarder implements Daemon<Configuration> {

  private static final int STOP_MILLIS = 2_000;

  private final Configuration configuration;
  private final EventLoopGroup group;
  private final ForwarderShell shell;
  private final @Nullable SerialLine serial;
  private final Counters counters;

  RunningForwarder(
      Configuration configuration,
      EventLoopGroup group,
      ForwarderShell shell,
      @Nullable SerialLine serial,
      Counters counters) {
    this.configuration = configuration;
    this.group = group;
    this.shell = shell;
    this.serial = serial;
    this.counters = counters;
  }

  ForwarderShell shell() {
    return shell;
  }

  @Nullable SerialLine serial() {
    return serial;
  }

  Counters counters() {
    return counters;
  }

  @Override
  public EventLoop eventLoop() {
    return group.next();
  }

  @Override
  public String status() {
    InetSocketAddress gateway = shell.gateway();
    if (gateway == null) {
      return shell.nodes() + " nodes, no gateway";
    }
    return "%d nodes, gateway %s %s"
        .formatted(
            shell.nodes(),
            toSocketAddressString(gateway),
            shell.gatewayAnswers() ? "answers" : "is silent");
  }

  /** Takes over the level of the log; sockets and limits want a restart. */
  @Override
  public void reload(Configuration changed) {
    Log.level(changed.log().level());
    boolean isSame =
        changed.nodes().equals(configuration.nodes())
            && changed.gateway().equals(configuration.gateway())
            && changed.admin().equals(configuration.admin());
    if (!isSame) {
      Logger.warn("only log.level changes while it runs; the rest waits for a restart");
    }
  }

  @Override
  public void stop() {
    shell.close();
    group
        .shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_MILLIS);
  }
}
