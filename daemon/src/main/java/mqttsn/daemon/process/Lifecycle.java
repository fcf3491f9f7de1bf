package mqttsn.daemon.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.daemon.systemd.InheritedSocket;
import mqttsn.daemon.systemd.Notifier;
import org.tinylog.Logger;

/**
 * What happens to a daemon after its start: SIGHUP reloads it, SIGTERM and SIGINT end it, a fault
 * ends it at once.
 */
public final class Lifecycle {
  /** How long an orderly end may take: five seconds are promised, and the log may need one. */
  public static final Duration STOP_DEADLINE = Duration.ofMillis(3_800);

  private enum Event {
    RELOAD,
    STOP,
    FAULT
  }

  /** Reads the configuration anew. */
  interface ConfigurationSource<C> {
    C read() throws ConfigurationException;
  }

  private final List<InheritedSocket> inheritedSockets;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private boolean canReload;

  Lifecycle(List<InheritedSocket> inheritedSockets) {
    this.inheritedSockets = inheritedSockets;
  }

  /** The bound datagram sockets that the service manager passed on; empty without one. */
  public List<InheritedSocket> inheritedSockets() {
    return inheritedSockets;
  }

  /** Ends the process with exit code 1. To be called from any thread after a fault; returns. */
  public void fatal(String what, Throwable cause) {
    Logger.error(cause, "{}", what);
    events.add(Event.FAULT);
  }

  /** From here on signals and uncaught exceptions are events of this object. */
  void listen() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> fatal("Uncaught exception in thread " + thread.getName(), thrown));
    canReload = Signals.handle("HUP", () -> events.add(Event.RELOAD));
    Signals.handle("TERM", () -> events.add(Event.STOP));
    Signals.handle("INT", () -> events.add(Event.STOP));
  }

  /** Serves until the end and returns the exit code. */
  <C extends Record> int serve(Daemon<C> daemon, ConfigurationSource<C> source, Notifier notifier) {
    if (!canReload) {
      Logger.info(
          "SIGHUP was ignored when this process began (nohup): a changed configuration needs a restart");
    }
    while (true) {
      switch (next()) {
        case RELOAD -> reload(daemon, source, notifier);
        case STOP -> {
          stop(daemon, notifier);
          return ExitCode.OK;
        }
        case FAULT -> {
          notifier.stopping();
          return ExitCode.FAULT;
        }
      }
    }
  }

  private Event next() {
    try {
      return events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Event.STOP;
    }
  }

  private static <C extends Record> void reload(
      Daemon<C> daemon, ConfigurationSource<C> source, Notifier notifier) {
    notifier.reloading();
    try {
      daemon.reload(source.read());
      Logger.info("Configuration reloaded");
    } catch (ConfigurationException e) {
      Logger.error("The running configuration stays in place: {}", e.getMessage());
    }
    notifier.ready();
  }

  private static void stop(Daemon<?> daemon, Notifier notifier) {
    Logger.info("Stopping");
    notifier.stopping();
    Thread stopping = new Thread(daemon::stop, "stop");
    stopping.setDaemon(true);
    stopping.start();
    try {
      stopping.join(STOP_DEADLINE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stopping.isAlive()) {
      Logger.warn("Stopped without waiting any longer: the orderly end takes too much time");
    } else {
      Logger.info("Stopped");
    }
  }
}
