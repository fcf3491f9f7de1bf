package mqttsn.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mqttsn.daemon.config.ConfigurationException;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.net.Driver;
import mqttsn.gateway.net.QueuePort;
import mqttsn.gateway.net.SessionPort;
import mqttsn.gateway.session.QueueEvent;
import mqttsn.gateway.session.QueuedMessage;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.store.QueueStore;
import mqttsn.gateway.store.ReadAhead;
import mqttsn.gateway.store.SessionStore;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * What a gateway has on disk: sessions, the durable queue, and how far sequence numbers may have
 * come. Opened and closed outside of the event loop.
 */
final class OnDisk {

  /**
   * Sequence numbers that may be used before the next ceiling is written. Microseconds of the clock
   * outrun it in a quarter of an hour.
   */
  private static final long RESERVE = 1 << 30;

  private final @Nullable SessionStore sessions;
  private final @Nullable QueueStore queue;
  private final long firstSequence;
  private long ceiling;
  private @Nullable ReadAhead<SessionStore.Saved> readAhead;

  private OnDisk(@Nullable SessionStore sessions, @Nullable QueueStore queue) {
    this.sessions = sessions;
    this.queue = queue;
    long used =
        Math.max(
            sessions == null ? 0 : sessions.sequenceCeiling(),
            queue == null ? 0 : queue.sequenceCeiling());
    long clockMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    this.firstSequence = Math.max(used, clockMicros);
    reached(firstSequence);
  }

  /**
   * Opens what the configuration names.
   *
   * @param loop where stores call back
   * @param fromQueue takes what the durable queue says
   * @throws IOException with one line, if a file can neither be used nor set aside
   */
  static OnDisk open(
      Configuration configuration, Executor loop, Consumer<List<QueueEvent>> fromQueue)
      throws IOException {
    Path file = configuration.sessions().file();
    SessionStore sessions = file == null ? null : SessionStore.open(file, loop);
    try {
      return new OnDisk(sessions, queue(configuration, loop, fromQueue));
    } catch (IOException e) {
      if (sessions != null) {
        sessions.close();
      }
      throw e;
    }
  }

  private static @Nullable QueueStore queue(
      Configuration configuration, Executor loop, Consumer<List<QueueEvent>> fromQueue)
      throws IOException {
    if (!configuration.queue().enabled()) {
      return null;
    }
    Path directory = configuration.queue().place(System.getenv());
    if (configuration.queue().directory() == null) {
      try {
        Path unused = Files.createDirectories(directory);
      } catch (IOException e) {
        throw new IOException("queue.directory " + directory + " cannot be made: " + e, e);
      }
    }
    Logger.info("durable queue in {}", directory);
    if (configuration.sessions().file() == null) {
      Logger.warn(
          "queue.enabled without sessions.file: a QoS 2 publish that is under way when the gateway"
              + " is killed may come to the broker twice");
    }
    return QueueStore.open(directory, loop, fromQueue);
  }

  /**
   * Tries what can be told without opening anything.
   *
   * @throws ConfigurationException with one line about what cannot be used
   */
  static void check(Configuration configuration) throws ConfigurationException {
    try {
      Path file = configuration.sessions().file();
      if (file != null) {
        SessionStore.check(file);
      }
      Path directory = configuration.queue().directory();
      if (configuration.queue().enabled() && directory != null) {
        QueueStore.check(directory);
      }
    } catch (IOException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  /** Where the sequence numbers of publishes begin: above all that were ever used. */
  long firstSequence() {
    return firstSequence;
  }

  /** Sequence numbers have come so far; called now and then, in the event loop. */
  void reached(long sequence) {
    if (sequence <= ceiling - RESERVE / 2) {
      return;
    }
    ceiling = sequence + RESERVE;
    if (sessions != null) {
      sessions.sequenceCeiling(ceiling);
    }
    if (queue != null) {
      queue.sequenceCeiling(ceiling);
    }
  }

  /** Whether sessions go on after the end of the process. */
  boolean keepsSessions() {
    return sessions != null;
  }

  /** Null if there is none. */
  @Nullable QueueStore queue() {
    return queue;
  }

  /** Begins to read what an earlier process left, while other parts start. */
  void readAhead() {
    if (sessions != null) {
      readAhead = new ReadAhead<>("session-reader", sessions.saved().iterator());
    }
  }

  /**
   * Goes on with what an earlier process left; in the event loop, before the driver begins.
   *
   * @return how many sessions there were
   */
  int recall(Driver driver) {
    if (queue != null) {
      driver.restoreQueue(queue.summaries(), queue.lastNumber());
    }
    int recalled = 0;
    if (readAhead != null) {
      for (SessionStore.Saved saved : readAhead) {
        driver.restore(saved.session(), TimeUnit.MILLISECONDS.toNanos(saved.ageMillis()));
        recalled++;
      }
    }
    return recalled;
  }

  /** Writes what is left, and ends. */
  void close() {
    if (readAhead != null) {
      readAhead.close();
    }
    if (queue != null) {
      queue.close();
    }
    if (sessions != null) {
      sessions.close();
    }
  }

  SessionPort sessionPort() {
    return sessions == null ? SessionPort.NOWHERE : new SessionsOn(sessions);
  }

  QueuePort queuePort() {
    return queue == null ? QueuePort.NONE : new QueueOn(queue);
  }

  /** The session store as the driver's port. */
  private record SessionsOn(SessionStore store) implements SessionPort {
    @Override
    public boolean keeps() {
      return true;
    }

    @Override
    public void save(SessionRecord session) {
      store.save(session);
    }

    @Override
    public void erase(String clientId) {
      store.erase(clientId);
    }

    @Override
    public void afterSync(Runnable then) {
      store.afterSync(then);
    }
  }

  /** The queue's store as the driver's port. */
  private record QueueOn(QueueStore store) implements QueuePort {
    @Override
    public void enqueue(QueuedMessage message) {
      store.enqueue(message);
    }

    @Override
    public void release(long number) {
      store.release(number);
    }

    @Override
    public void dequeue(long number) {
      store.dequeue(number);
    }

    @Override
    public void fetch(List<Long> numbers) {
      store.fetch(numbers);
    }
  }
}
