package mqttsn.daemon.process;

import java.io.IOException;
import java.util.List;
import mqttsn.daemon.config.ConfigurationException;

/**
 * One of our programs, as its command line and the process around it see it.
 *
 * @param <C> its configuration
 */
public interface Program<C extends Record> {
  /** What it is called on the command line, {@code mqttsn-gateway}. */
  String name();

  /** One line for {@code --help}. */
  String description();

  Class<C> configurationType();

  /** The name of its configuration file in {@code conf/}. */
  String configurationFile();

  /** Subcommands besides {@code run} and {@code check-config}, annotated for picocli. */
  default List<Object> moreCommands() {
    return List.of();
  }

  /**
   * Tries what the file alone does not show, such as the other files that it names.
   *
   * @throws ConfigurationException with one line about the first thing that cannot be used
   */
  default void check(C configuration) throws ConfigurationException {}

  /**
   * Sets the level of the log, binds every socket and returns.
   *
   * @throws ConfigurationException with one line about what cannot be used; exit code 2
   * @throws IOException with one line about the socket or file that failed; exit code 1
   */
  Daemon<C> start(C configuration, Lifecycle lifecycle) throws ConfigurationException, IOException;
}
