package mqttsn.forwarder.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mqttsn.daemon.net.EnumCounts;
import mqttsn.daemon.net.KernelDrops;
import mqttsn.daemon.process.CommandLineProgram;
import mqttsn.forwarder.core.Drop;
import mqttsn.forwarder.net.Counters;
import mqttsn.forwarder.net.Counters.Traffic;
import mqttsn.forwarder.net.ForwarderShell;
import mqttsn.forwarder.serial.SerialLine;

/** The metrics of a forwarder, {@code mqttsn_forwarder_*}. */
final class ForwarderMetrics {

  private static final String PREFIX = "mqttsn_forwarder_";

  private final PrometheusRegistry registry;

  private ForwarderMetrics(PrometheusRegistry registry) {
    this.registry = registry;
  }

  static void register(
      PrometheusRegistry registry, ForwarderShell shell, Counters counters, int maxNodes) {
    ForwarderMetrics metrics = new ForwarderMetrics(registry);
    metrics.version();
    metrics.traffic(counters.traffic());
    metrics.drops(counters.drops());
    metrics.kernelDrops(shell);
    metrics.gauge("nodes", "Nodes that have spoken lately.", shell::nodes);
    metrics.gauge("nodes_max", "Nodes that may be known at the same time.", () -> maxNodes);
    metrics.gauge(
        "gateway_up",
        "1 if there is a gateway that answers.",
        () -> shell.gatewayAnswers() ? 1 : 0);
  }

  static void register(PrometheusRegistry registry, SerialLine serial) {
    ForwarderMetrics metrics = new ForwarderMetrics(registry);
    metrics.gauge("serial_open", "1 if the serial port is open.", () -> serial.isOpen() ? 1 : 0);
    metrics.counter(
        "serial_openings_total", "Times that the serial port was opened.", serial::openings);
    metrics.counter(
        "serial_broken_frames_total",
        "Frames that were too long, too short for the prefix, or badly escaped.",
        serial::brokenFrames);
  }

  private void version() {
    Info.builder()
        .name("mqttsn_forwarder")
        .help("The forwarder.")
        .labelNames("version")
        .register(registry)
        .setLabelValues(CommandLineProgram.version());
  }

  private void traffic(EnumCounts<Traffic> traffic) {
    CounterWithCallback.builder()
        .name(PREFIX + "datagrams_total")
        .help("Datagrams, and frames of the serial line; one to a group is not among them.")
        .labelNames("direction")
        .callback(
            value -> {
              value.call((double) traffic.of(Traffic.FROM_NODES), "from-nodes");
              value.call((double) traffic.of(Traffic.TO_NODES), "to-nodes");
              value.call((double) traffic.of(Traffic.FROM_GATEWAYS), "from-gateways");
              value.call((double) traffic.of(Traffic.TO_GATEWAYS), "to-gateways");
            })
        .register(registry);
    counter(traffic, Traffic.BROADCASTS, "broadcasts_total", "Messages broadcast to nodes.");
    counter(
        traffic,
        Traffic.GATEWAY_CHANGES,
        "gateway_changes_total",
        "Times that another gateway, or none, came into use.");
    counter(
        traffic,
        Traffic.UNSENT,
        "unsent_total",
        "Datagrams not sent because too much was waiting.");
    counter(
        traffic,
        Traffic.NO_WAY_OUT,
        "no_way_out_total",
        "Datagrams not sent because no socket or line leads to the node.");
    counter(
        traffic, Traffic.SOCKET_ERRORS, "socket_errors_total", "Datagrams refused by the kernel.");
    counter(traffic, Traffic.FAULTS, "faults_total", "Datagrams lost to a fault of the forwarder.");
  }

  private void drops(EnumCounts<Drop> drops) {
    CounterWithCallback.builder()
        .name(PREFIX + "dropped_total")
        .help("Datagrams that went no further, by reason.")
        .labelNames("reason")
        .callback(
            value -> {
              for (Drop drop : Drop.values()) {
                value.call((double) drops.of(drop), drop.label());
              }
            })
        .register(registry);
  }

  private void kernelDrops(ForwarderShell shell) {
    Set<Integer> ports =
        Stream.concat(shell.listening().stream(), Stream.of(shell.source()))
            .map(InetSocketAddress::getPort)
            .collect(Collectors.toSet());
    KernelDrops drops = new KernelDrops(ports);
    counter("kernel_dropped_total", "Datagrams dropped because a socket was full.", drops::total);
  }

  private void counter(EnumCounts<Traffic> traffic, Traffic what, String name, String help) {
    counter(name, help, () -> traffic.of(what));
  }

  private void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .callback(counter -> counter.call(value.getAsDouble()))
        .register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .callback(gauge -> gauge.call(value.getAsDouble()))
        .register(registry);
  }
}
