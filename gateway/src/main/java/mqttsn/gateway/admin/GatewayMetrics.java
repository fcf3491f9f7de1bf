package mqttsn.gateway.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mqttsn.codec.MessageType;
import mqttsn.codec.Reject;
import mqttsn.daemon.admin.JvmMetrics;
import mqttsn.daemon.admin.Meters;
import mqttsn.daemon.net.KernelDrops;
import mqttsn.daemon.net.LatencyHistogram;
import mqttsn.daemon.process.CommandLineProgram;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.broker.quic.ChangeReason;
import mqttsn.gateway.broker.quic.MqttOverQuic;
import mqttsn.gateway.broker.quic.PathCounters;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.State;

/** The metrics of a gateway, {@code mqttsn_*}. No label has a value that a client chooses. */
final class GatewayMetrics {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Meters meters = new Meters(registry, "mqttsn_");
  private final Supplier<Snapshot> snapshot;

  /**
   * @param snapshot the gauges of the present scrape
   */
  GatewayMetrics(Observed gateway, Supplier<Snapshot> snapshot) {
    this.snapshot = snapshot;
    JvmMetrics.register(registry);
    meters.version("mqttsn_gateway", CommandLineProgram.version());
    clients(gateway);
    messages(gateway);
    datagrams(gateway);
    brokerLinks();
    new QueueMetrics(registry, meters).register(gateway, () -> snapshot.get().queue());
    MqttOverQuic quic = gateway.quic();
    if (quic != null) {
      paths(quic.counters());
    }
  }

  PrometheusRegistry registry() {
    return registry;
  }

  private void clients(Observed gateway) {
    meters.gauges(
        "sessions",
        "Sessions by the state of their client.",
        "state",
        State.values(),
        GatewayMetrics::label,
        state -> snapshot.get().sessions().getOrDefault(state, 0L));
    meters.gauge(
        "sessions_max",
        "Sessions that there may be at one time.",
        () -> gateway.configuration().sessions().max());
    meters.gauge(
        "buffered_messages",
        "Messages that wait for clients.",
        () -> snapshot.get().waitingMessages());
    meters.gauge(
        "buffered_bytes", "Octets that wait for clients.", () -> snapshot.get().waitingBytes());
    meters.gauge("topic_ids", "Normal topic ids in use.", () -> snapshot.get().topicIds());
    meters.gauge(
        "subscriptions", "Topic filters of clients.", () -> snapshot.get().subscriptions());
  }

  private void messages(Observed gateway) {
    Counters counters = gateway.counters();
    CounterWithCallback.builder()
        .name("mqttsn_messages_total")
        .help("Messages of MQTT-SN; one inside an encapsulation counts as itself.")
        .labelNames("type", "direction")
        .callback(
            value -> {
              for (MessageType type : MessageType.values()) {
                value.call((double) counters.received().of(type), label(type), "in");
                value.call((double) counters.sent().of(type), label(type), "out");
              }
            })
        .register(registry);
    CounterWithCallback.builder()
        .name("mqttsn_rejects_total")
        .help("Datagrams that could not be decoded and requests that were refused, by reason.")
        .labelNames("reason")
        .callback(
            value -> {
              for (Reject reject : Reject.values()) {
                long rejected = counters.rejects().of(reject) + counters.unusables().of(reject);
                value.call((double) rejected, reject.label());
              }
              for (Action.Refusal refusal : Action.Refusal.values()) {
                value.call((double) counters.refusals().of(refusal), refusal.label());
              }
            })
        .register(registry);
    meters.counters(
        "drops_total",
        "Messages that went no further, by reason.",
        "reason",
        Action.Drop.values(),
        Action.Drop::label,
        counters.drops());
    meters.counter(
        "retransmissions_total",
        "Messages sent to a client again.",
        () -> counters.tallies().of(Action.Tally.RETRANSMISSION));
    meters.counter(
        "duplicates_total",
        "Duplicate requests, answered again without a second effect.",
        () -> counters.tallies().of(Action.Tally.DUPLICATE));
    registry.register(
        () ->
            histogram("mqttsn_relay_seconds", "From a datagram to its packet.", counters.relay()));
    registry.register(
        () ->
            histogram(
                "mqttsn_broker_round_trip_seconds",
                "From a PUBLISH with QoS 1 to the broker's PUBACK, sampled.",
                gateway.brokerRoundTrip()));
  }

  static HistogramSnapshot histogram(String name, String help, LatencyHistogram values) {
    List<Double> bounds = new ArrayList<>();
    List<Number> counts = new ArrayList<>();
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      bounds.add(LatencyHistogram.upperBoundSeconds(bucket));
      counts.add(values.count(bucket));
    }
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(values.sumSeconds())
                .build())
        .build();
  }

  private void datagrams(Observed gateway) {
    Counters counters = gateway.counters();
    CounterWithCallback.builder()
        .name("mqttsn_datagrams_total")
        .help("Datagrams.")
        .labelNames("direction")
        .callback(
            value -> {
              value.call((double) counters.traffic().of(Traffic.DATAGRAMS_IN), "in");
              value.call((double) counters.traffic().of(Traffic.DATAGRAMS_OUT), "out");
            })
        .register(registry);
    CounterWithCallback.builder()
        .name("mqttsn_datagram_bytes_total")
        .help("Octets of datagrams.")
        .labelNames("direction")
        .callback(
            value -> {
              value.call((double) counters.traffic().of(Traffic.OCTETS_IN), "in");
              value.call((double) counters.traffic().of(Traffic.OCTETS_OUT), "out");
            })
        .register(registry);
    traffic(
        counters, Traffic.SOCKET_ERRORS, "socket_errors_total", "Datagrams refused by the kernel.");
    traffic(counters, Traffic.UNSENT, "unsent_total", "Datagrams not sent: too much was waiting.");
    traffic(
        counters,
        Traffic.GROUP_IGNORED,
        "group_ignored_total",
        "Messages that do not belong on a group.");
    traffic(counters, Traffic.FAULTS, "faults_total", "Inputs lost to a fault of the gateway.");
    KernelDrops drops =
        new KernelDrops(
            gateway.addresses().stream()
                .map(InetSocketAddress::getPort)
                .collect(Collectors.toSet()));
    meters.counter(
        "kernel_dropped_total", "Datagrams dropped because a socket was full.", drops::total);
  }

  private void traffic(Counters counters, Traffic what, String name, String help) {
    meters.counter(name, help, () -> counters.traffic().of(what));
  }

  private void brokerLinks() {
    meters.gauge(
        "broker_up",
        "1 if the gateway's own broker connection is up.",
        () -> snapshot.get().brokerUp() ? 1 : 0);
    meters.gauge("broker_connections", "Open broker connections.", () -> broker().open());
    meters.gauge("broker_connecting", "Links that try to connect.", () -> broker().connecting());
    meters.gauge("broker_waiting", "Links that wait to try.", () -> broker().waiting());
    meters.counter(
        "broker_connects_total",
        "Broker connections that came about.",
        () -> broker().counts().connects());
    meters.counter(
        "broker_reconnects_total",
        "Broker connections that replaced a lost one.",
        () -> broker().counts().reconnects());
    meters.counter(
        "broker_losses_total",
        "Broker connections that ended unasked.",
        () -> broker().counts().losses());
    meters.counter(
        "broker_refusals_total", "CONNACKs that refused.", () -> broker().counts().refusals());
    meters.counter(
        "broker_failed_attempts_total",
        "Attempts that reached no CONNACK.",
        () -> broker().counts().failedAttempts());
    meters.counter(
        "broker_oversize_total",
        "Messages of the broker beyond max-packet, acknowledged and dropped.",
        () -> broker().counts().skippedOversize());
    CounterWithCallback.builder()
        .name("mqttsn_broker_packets_total")
        .help("Packets of MQTT.")
        .labelNames("direction")
        .callback(
            value -> {
              value.call((double) broker().counts().packetsFromBroker(), "in");
              value.call((double) broker().counts().packetsToBroker(), "out");
            })
        .register(registry);
  }

  private BrokerStatus broker() {
    return snapshot.get().broker();
  }

  private void paths(PathCounters paths) {
    meters.counters(
        "quic_path_changes_total",
        "Changes of the path to the broker, by reason.",
        "reason",
        ChangeReason.values(),
        GatewayMetrics::label,
        (ChangeReason reason) -> paths.changes(reason));
    meters.counter(
        "quic_recoveries_total",
        "Changes of the path after which the broker answered.",
        paths::recoveries);
    meters.counter(
        "quic_gap_seconds_total",
        "Time without an answer around changes of the path.",
        () -> paths.gaps().toNanos() / 1e9);
    meters.counter("quic_handshakes_total", "Completed handshakes.", paths::handshakes);
    meters.counter("quic_handshakes_failed_total", "Failed handshakes.", paths::handshakesFailed);
    meters.counter("quic_resumptions_total", "Resumed TLS sessions.", paths::resumptions);
    meters.counter(
        "quic_replayed_datagrams_total",
        "Datagrams sent again after a change of the path.",
        paths::replayedDatagrams);
  }

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
