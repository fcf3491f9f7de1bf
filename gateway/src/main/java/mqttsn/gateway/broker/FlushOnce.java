package mqttsn.gateway.broker;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes each connection once in a turn of the event loop, however many packets were written to
 * it: what a batch of datagrams brings for one connection leaves in one write.
 */
final class FlushOnce {

  private final EventExecutor loop;
  private final List<MqttConnection> written = new ArrayList<>();
  private final Runnable flush = this::flush;

  FlushOnce(EventExecutor loop) {
    this.loop = loop;
  }

  /** Flushes {@code connection} when the tasks of this turn that already wait are done. */
  void later(MqttConnection connection) {
    if (written.isEmpty()) {
      loop.execute(flush);
    }
    written.add(connection);
  }

  private void flush() {
    long now = loop.ticker().nanoTime();
    // Flushing can fail a connection, but never writes to another one: the list does not grow here.
    for (int i = 0; i < written.size(); i++) {
      written.get(i).flush(now);
    }
    written.clear();
  }
}
