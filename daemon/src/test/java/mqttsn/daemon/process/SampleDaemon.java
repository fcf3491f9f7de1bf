package mqttsn.daemon.process;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.config.Default;
import mqttsn.daemon.log.Log;
import org.tinylog.Level;
import org.tinylog.Logger;

/** A daemon that does nothing but live, started as a process by {@link ProcessIT}. */
public final class SampleDaemon implements Program<SampleDaemon.Configuration> {
  /** What goes wrong in the life of this sample. */
  public enum Fault {
    NONE,
    SOCKET,
    FILE,
    LOOP,
    UNCAUGHT,
    STOP
  }

  public record Configuration(@Default("info") Level level, @Default("none") Fault fault) {}

  public static void main(String... args) {
    CommandLineProgram.main(new SampleDaemon(), args);
  }

  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String description() {
    return "Does nothing.";
  }

  @Override
  public Class<Configuration> configurationType() {
    return Configuration.class;
  }

  @Override
  public String configurationFile() {
    return "sample.yaml";
  }

  @Override
  public void check(Configuration configuration) throws ConfigurationException {
    if (configuration.fault() == Fault.FILE) {
      throw new ConfigurationException("topics.csv:3: expected a topic id");
    }
  }

  @Override
  public Daemon<Configuration> start(Configuration configuration, Lifecycle lifecycle)
      throws ConfigurationException, IOException {
    Log.level(configuration.level());
    check(configuration);
    if (configuration.fault() == Fault.SOCKET) {
      throw new IOException("[::]:1884: Address already in use");
    }
    if (configuration.fault() == Fault.UNCAUGHT) {
      new Thread(SampleDaemon::breakDown, "worker").start();
    }
    Running running = new Running(configuration);
    if (configuration.fault() == Fault.LOOP) {
      running.loop.execute(
          () -> lifecycle.fatal("The event loop failed", new IllegalStateException("on purpose")));
    }
    return running;
  }

  private static void breakDown() {
    throw new IllegalStateException("on purpose");
  }

  private static final class Running implements Daemon<Configuration> {
    private final EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Configuration configuration;

    Running(Configuration configuration) {
      this.configuration = configuration;
    }

    @Override
    public EventLoop eventLoop() {
      return loop.next();
    }

    @Override
    public String status() {
      return "nothing";
    }

    @Override
    public void reload(Configuration changed) throws ConfigurationException {
      Log.level(changed.level());
      Logger.debug("Debugging");
    }

    @Override
    public void stop() {
      if (configuration.fault() == Fault.STOP) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
