package mqttsn.daemon.process;

import java.io.IOException;
import java.nio.file.Path;
import mqttsn.daemon.config.Binder;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.log.Log;
import mqttsn.daemon.systemd.InheritedSocket;
import mqttsn.daemon.systemd.Notifier;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code run}: reads the configuration, starts the daemon and serves until its end.
 *
 * <p>A start whose command line is plain goes without the parser of command lines: its classes are
 * too old for a class-data archive, and loading them takes long.
 *
 * @param <C> the program's configuration
 */
final class Serving<C extends Record> {

  static final String COMMAND = "run";
  static final String CONFIG = "--config";
  static final String CONFIG_SHORT = "-c";

  /** Set by the launcher: the folder {@code conf/} of the layout. */
  private static final String CONF_PROPERTY = "mqttsn.conf";

  private final Program<C> program;

  Serving(Program<C> program) {
    this.program = program;
  }

  /** The configuration of the layout. */
  Path usualFile() {
    return Path.of(System.getProperty(CONF_PROPERTY, "conf"), program.configurationFile());
  }

  /**
   * What to run with, of a command line that says nothing else than {@code run}, or {@code run} and
   * a configuration; null for any other one.
   */
  @Nullable Path plainly(String... args) {
    if (args.length == 1 && args[0].equals(COMMAND)) {
      return usualFile();
    }
    boolean namesFile =
        args.length == 3
            && args[0].equals(COMMAND)
            && (args[1].equals(CONFIG) || args[1].equals(CONFIG_SHORT))
            && !args[2].startsWith("-") // an option
            && !args[2].startsWith("@"); // a file of arguments
    return namesFile ? Path.of(args[2]) : null;
  }

  /** Reads a file and tries the files that it names, so that all commands refuse the same. */
  C checked(Path file) throws ConfigurationException {
    C configuration = Binder.bind(file, program.configurationType());
    try {
      program.check(configuration);
    } catch (ConfigurationException e) {
      throw Binder.located(file, e);
    }
    return configuration;
  }

  /** Returns the exit code when the daemon has ended. */
  int run(Path file) throws ConfigurationException, IOException {
    C configuration = checked(file);
    Lifecycle lifecycle = new Lifecycle(InheritedSocket.take(System.getenv()));
    lifecycle.listen();
    Daemon<C> daemon = program.start(configuration, lifecycle);
    Notifier notifier = Notifier.open(System.getenv(), daemon.eventLoop(), daemon::status);
    Log.announce(program.name() + " " + CommandLineProgram.version() + " is ready");
    notifier.ready();
    return lifecycle.serve(daemon, () -> checked(file), notifier);
  }
}
