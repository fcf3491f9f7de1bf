package mqttsn.daemon.process;

import io.netty.channel.EventLoop;
import mqttsn.daemon.config.ConfigurationException;

/**
 * A program that serves. {@code reload} and {@code stop} are called one after the other by the
 * process's main thread and may wait for the event loop.
 *
 * @param <C> its configuration
 */
public interface Daemon<C extends Record> {
  /** The loop that does the work; the watchdog of the service manager is fed from it. */
  EventLoop eventLoop();

  /** A line such as "412 clients, broker up over QUIC"; called on the event loop. */
  String status();

  /**
   * Takes over what can change while it runs and says in one line what cannot.
   *
   * @throws ConfigurationException if nothing was changed, because something cannot be used
   */
  void reload(C configuration) throws ConfigurationException;

  /** Ends in good order and returns; after {@link Lifecycle#STOP_DEADLINE} nobody waits for it. */
  void stop();
}
