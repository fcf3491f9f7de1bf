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
  private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Server server = new Server();
  private final int port;

  private EmbeddedBroker(Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(IN_MEMORY);
    properties.putAll(settings);
    server.startServer(new MemoryConfig(properties));
    port = boundPort();
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
    return new EmbeddedBroker(settings);
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

  /** The server tells its port from another thread, a little after it has started. */
  private int boundPort() throws IOException {
    long begin = System.nanoTime();
    int port;
    while ((port = portIfTold()) == 0) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        server.stopServer();
        throw new IOException("the embedded broker does not tell its port");
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    return port;
  }

  /** The server keeps its ports in a plain map, which may be written at this very moment. */
  private int portIfTold() {
    try {
      return server.getPort();
    } catch (ConcurrentModificationException e) {
      return 0;
    }
  }
}
