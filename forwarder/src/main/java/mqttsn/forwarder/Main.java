package mqttsn.forwarder;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import mqttsn.daemon.admin.AdminServer;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.net.Transport;
import mqttsn.daemon.process.CommandLineProgram;
import mqttsn.daemon.process.Daemon;
import mqttsn.daemon.process.Lifecycle;
import mqttsn.daemon.process.Program;
import mqttsn.forwarder.config.Configuration;
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
  public void check(Configuration configuration) throws ConfigurationException {
    AdminServer.check(configuration.admin().tokenFile());
  }

  @Override
  public Daemon<Configuration> start(Configuration configuration, Lifecycle lifecycle)
      throws ConfigurationException, IOException {
    Log.level(configuration.log().level());
    return start(configuration);
  }

  /** Starts a forwarder with an event loop of its own. */
  static RunningForwarder start(Configuration configuration)
      throws ConfigurationException, IOException {
    Transport transport = Transport.best();
    Logger.info("transport: {}", transport.description());
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("forwarder"), transport.ioHandler());
    try {
      return RunningForwarder.start(configuration, group, transport);
    } catch (IOException | ConfigurationException e) {
      var unused = group.shutdownGracefully();
      throw e;
    }
  }
}
