package mqttsn.gateway.admin;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mqttsn.daemon.admin.Meters;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.net.Counters.QueueCount;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.store.QueueStore;

/** The metrics of the durable queue, {@code mqttsn_queue_*}; without a queue they are 0. */
final class QueueMetrics {

  private static final LatencyHistogram NO_COMMITS = new LatencyHistogram();

  private final PrometheusRegistry registry;
  private final Meters meters;

  QueueMetrics(PrometheusRegistry registry, Meters meters) {
    this.registry = registry;
    this.meters = meters;
  }

  /**
   * @param view the queue at the present scrape
   */
  void register(Observed gateway, Supplier<QueueView> view) {
    meters.gauge("queue_messages", "Messages in the durable queue.", () -> view.get().messages());
    meters.gauge(
        "queue_bytes",
        "Octets in the durable queue, as queue.bytes counts.",
        () -> view.get().bytes());
    meters.gauge(
        "queue_under_way",
        "Queued messages on their way to the broker.",
        () -> view.get().underWay());
    meters.gauge(
        "queue_oldest_seconds",
        "Age of the oldest message that waits in the durable queue.",
        () -> (double) view.get().oldestNanos() / TimeUnit.SECONDS.toNanos(1));
    QueueStore store = gateway.queue();
    meters.gauge(
        "queue_file_bytes",
        "Size of the file of the durable queue.",
        () -> store == null ? 0 : store.fileBytes());
    meters.gauge(
        "queue_failing",
        "1 while the disk does not take messages.",
        () -> store == null || store.isWritable() ? 0 : 1);
    counters(gateway.counters());
    registry.register(
        () ->
            GatewayMetrics.histogram(
                "mqttsn_queue_commit_seconds",
                "Time of a commit of the durable queue, with its sync.",
                store == null ? NO_COMMITS : store.commits()));
  }

  private void counters(Counters counters) {
    counter(counters, QueueCount.STORED, "queue_stored_total", "Messages written to the queue.");
    counter(
        counters,
        QueueCount.NOT_STORED,
        "queue_not_stored_total",
        "Messages that the disk did not take.");
    counter(
        counters,
        QueueCount.REMOVED,
        "queue_removed_total",
        "Messages that left the queue: the broker has them, or they were dropped.");
    counter(
        counters,
        QueueCount.UNREADABLE,
        "queue_unreadable_total",
        "Queued messages that could not be read.");
  }

  private void counter(Counters counters, QueueCount what, String name, String help) {
    meters.counter(name, help, () -> counters.queue().of(what));
  }
}
