package mqttsn.forwarder;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.process.CommandLineProgram;
import mqttsn.daemon.process.Daemon;
import mqttsn.daemon.process.Lifecycle;
import mqttsn.daemon.process.Program;
import mqttsn.forwarder.config.Configuration;
import mqttsn.forwarder.config.Serial;
import mqttsn.forwarder.net.Counters;
import mqttsn.forwarder.net.ForwarderShell;
import mqttsn.forwarder.serial.SerialLine;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** The program {@code mqttsn-forwarder}. */
public final class Main implements Program<Configuration> {

  private Main() {}

  public static void main(String[] args) {
    CommandLineProgram.main(new Main(), args);
  }

  @Override
  public String name() {
    return "mqttsn-forwarder";
  }

  @Override
  public String description() {
    return "Connects MQTT-SN nodes to a gateway that their network does not reach.";
  }

  @Override
  public Class<Configuration> configurationType() {
    return Configuration.class;
  }

  @Override
  public String configurationFile() {
    return "forwarder.yaml";
  }

  @Override
  public Daemon<Configuration> start(Configuration configuration, Lifecycle lifecycle)
      throws IOException {
    Log.level(configuration.log().level());
    return start(configuration);
  }

  /** Starts a forwarder with an event loop of its own. */
  static RunningForwarder start(Configuration configuration) throws IOException {
    Transport transport = Transport.best();
    Logger.info("transport: {}", transport.description());
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("forwarder"), transport.ioHandler());
    Counters counters = new Counters();
    SerialLine serial = serial(configuration);
    try {
      ForwarderShell shell =
          ForwarderShell.start(
              group.next(),
              transport,
              configuration.nodes(),
              configuration.gateway(),
              serial,
              counters);
      return new RunningForwarder(configuration, group, shell, serial, counters);
    } catch (IOException e) {
      var unused = group.shutdownGracefully();
      throw e;
    }
  }

  private static @Nullable SerialLine serial(Configuration configuration) {
    Serial settings = configuration.nodes().serial();
    return settings == null ? null : new SerialLine(settings, configuration.nodes().maxDatagram());
  }
}
