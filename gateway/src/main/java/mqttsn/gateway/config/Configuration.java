package mqttsn.gateway.config;

import java.nio.file.Path;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;

/** The file {@code gateway.yaml}; an empty one is valid and works beside a broker on localhost. */
public record Configuration(
    Identity gateway,
    Sensors sensors,
    Discovery discovery,
    Topics topics,
    Sessions sessions,
    QosMinusOne qosMinusOne,
    Forwarders forwarders,
    BrokerSettings broker,
    Queue queue,
    Aggregating aggregating,
    Admin admin,
    Log log) {

  public Configuration {
    if (queue.enabled() && gateway.mode() == Identity.Mode.TRANSPARENT) {
      throw new IllegalArgumentException(
          "queue.enabled: expected false where gateway.mode is transparent: a connection of a"
              + " client's own has its session at the broker, and no queue; found \"true\"");
    }
  }

  /**
   * Reads the file.
   *
   * @throws ConfigurationException with one line for the operator, at file, line and column
   */
  public static Configuration read(Path file) throws ConfigurationException {
    return Binder.bind(file, Configuration.class);
  }

  /** What an empty file says. */
  public static Configuration defaults() {
    return of("");
  }

  /**
   * What this text says, as if it stood in a file of the current folder.
   *
   * @throws IllegalArgumentException if it is not valid
   */
  public static Configuration of(String yaml) {
    try {
      return Binder.bind(yaml, "gateway.yaml", Configuration.class);
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
