package mqttsn.gateway.demo;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * An MQTT broker (3.1.1 and 5) in this process, on an ephemeral port of 127.0.0.1, in memory only.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /** Settings on top of which a broker's own are laid; "0" as a port is an ephemeral one. */
  private static final Map<String, String> IN_MEMORY =
      Map.of(
          IConfig.HOST_PROPERTY_NAME, "127.0.0.1",
          IConfig.PORT_PROPERTY_NAME, "0",
          IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "true",
          IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false",
          IConfig.ENABLE_TELEMETRY_NAME, "false",
          IConfig.BUFFER_FLUSH_MS_PROPERTY_NAME, "0",
          IConfig.NETTY_MAX_BYTES_PROPERTY_NAME, "1048576");

  /** How long the port may take to be known after the broker has started. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();

  /**
   * How often a broker that does not tell its port is started anew: it keeps its ports in a plain
   * map that two of its threads write, and now and then it loses one for good.
   */
  private static final int ATTEMPTS = 5;

  private final Server server;
  private final int port;

  private EmbeddedBroker(Server server, int port) {
    this.server = server;
    this.port = port;
  }

  public static EmbeddedBroker start() throws IOException {
    return start(Map.of());
  }

  /**
   * Starts a broker with settings of its own.
   *
   * @param settings names of {@link IConfig} to values
   */
  public static EmbeddedBroker start(Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(IN_MEMORY);
    properties.putAll(settings);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Server server = new Server();
      server.startServer(new MemoryConfig(properties));
      int port = boundPort(server);
      if (port != 0) {
        return new EmbeddedBroker(server, port);
      }
      server.stopServer();
    }
    throw new IOException("the embedded broker does not tell its port");
  }

  public int port() {
    return port;
  }

  public String url() {
    return "mqtt://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stopServer();
  }

  /** The server tells its port from another thread, a little after it has started; 0 if never. */
  private static int boundPort(Server server) {
    long begin = System.nanoTime();
    int port = portIfTold(server);
    while (port == 0 && System.nanoTime() - begin < PATIENCE_NANOS) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      port = portIfTold(server);
    }
    return port;
  }

  /** The map may be written at this very moment. */
  private static int portIfTold(Server server) {
    try {
      return server.getPort();
    } catch (ConcurrentModificationException e) {
      return 0;
    }
  }
}
