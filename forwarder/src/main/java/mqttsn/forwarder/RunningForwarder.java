package mqttsn.forwarder;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.admin.AdminServer;
import mqttsn.daemon.admin.Routes;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Effective;
import mqttsn.daemon.config.Endpoint;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.process.Daemon;
import mqttsn.forwarder.admin.ForwarderPages;
import mqttsn.forwarder.config.Configuration;
import mqttsn.forwarder.config.Nodes;
import mqttsn.forwarder.config.Serial;
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
  private @Nullable AdminServer admin;

  private RunningForwarder(
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

  /**
   * Binds every socket and begins to forward. Blocks; not for the event loop.
   *
   * @param group of one loop, which ends with this forwarder
   * @throws ConfigurationException if the token of the admin server cannot be used
   * @throws IOException if a socket cannot be bound; none is bound then
   */
  static RunningForwarder start(
      Configuration configuration, EventLoopGroup group, Transport transport)
      throws ConfigurationException, IOException {
    Nodes nodes = configuration.nodes();
    Serial line = nodes.serial();
    SerialLine serial = line == null ? null : new SerialLine(line, nodes.maxDatagram());
    Counters counters = new Counters();
    ForwarderShell shell =
        ForwarderShell.start(
            group.next(), transport, nodes, configuration.gateway(), serial, counters);
    RunningForwarder forwarder =
        new RunningForwarder(configuration, group, shell, serial, counters);
    try {
      forwarder.startAdmin();
    } catch (IOException | ConfigurationException e) {
      shell.close();
      throw e;
    }
    return forwarder;
  }

  private void startAdmin() throws ConfigurationException, IOException {
    Endpoint listen = configuration.admin().listen();
    if (listen != null) {
      Routes routes =
          ForwarderPages.of(group.next(), shell, serial, counters, configuration.nodes().max());
      admin = AdminServer.start(listen, configuration.admin().tokenFile(), routes);
      Logger.info("metrics and health on {}", toSocketAddressString(admin.address()));
    }
  }

  @Nullable AdminServer admin() {
    return admin;
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
    int nodes = shell.nodes();
    InetSocketAddress gateway = shell.gateway();
    return nodes
        + (nodes == 1 ? " node, " : " nodes, ")
        + (gateway == null
            ? "no gateway"
            : "gateway "
                + toSocketAddressString(gateway)
                + (shell.gatewayAnswers() ? " answers" : " is silent"));
  }

  /** Takes over the level of the log; sockets and limits want a restart. */
  @Override
  public void reload(Configuration wanted) {
    Log.level(wanted.log().level());
    List<String> keys =
        Effective.changedKeys(configuration, wanted).stream()
            .filter(key -> !key.startsWith("log."))
            .toList();
    if (!keys.isEmpty()) {
      Logger.warn("changed, but in force only after a restart: {}", String.join(", ", keys));
    }
  }

  @Override
  public void stop() {
    if (admin != null) {
      admin.close();
    }
    shell.close();
    group
        .shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_MILLIS);
  }
}
