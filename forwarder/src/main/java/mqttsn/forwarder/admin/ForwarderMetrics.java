package mqttsn.forwarder.admin;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mqttsn.daemon.admin.Meters;
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

  private static final Traffic[] DIRECTIONS = {
    Traffic.FROM_NODES, Traffic.TO_NODES, Traffic.FROM_GATEWAYS, Traffic.TO_GATEWAYS
  };

  private final Meters meters;

  ForwarderMetrics(PrometheusRegistry registry) {
    this.meters = new Meters(registry, "mqttsn_forwarder_");
  }

  /**
   * Registers what every forwarder has.
   *
   * @param maxNodes how many nodes may be known at the same time
   */
  void forwarder(ForwarderShell shell, Counters counters, int maxNodes) {
    meters.version("mqttsn_forwarder", CommandLineProgram.version());
    traffic(counters.traffic());
    meters.counters(
        "dropped_total",
        "Datagrams that went no further, by reason.",
        "reason",
        Drop.values(),
        Drop::label,
        counters.drops());
    meters.counter(
        "kernel_dropped_total",
        "Datagrams dropped because a socket was full.",
        new KernelDrops(ports(shell))::total);
    meters.gauge("nodes", "Nodes that have spoken lately.", shell::nodes);
    meters.gauge("nodes_max", "Nodes that may be known at the same time.", () -> maxNodes);
    meters.gauge(
        "gateway_up",
        "1 if there is a gateway that answers.",
        () -> shell.gatewayAnswers() ? 1 : 0);
  }

  /** Registers what a serial line has besides. */
  void serialLine(SerialLine serial) {
    meters.gauge("serial_open", "1 if the serial port is open.", () -> serial.isOpen() ? 1 : 0);
    meters.counter(
        "serial_openings_total", "Times that the serial port was opened.", serial::openings);
    meters.counter(
        "serial_broken_frames_total",
        "Frames that were too long, too short for the prefix, or badly escaped.",
        serial::brokenFrames);
  }

  private void traffic(EnumCounts<Traffic> traffic) {
    meters.counters(
        "datagrams_total",
        "Datagrams, and frames of the serial line; one to a group is not among them.",
        "direction",
        DIRECTIONS,
        Traffic::label,
        traffic);
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

  private void counter(EnumCounts<Traffic> traffic, Traffic what, String name, String help) {
    meters.counter(name, help, () -> traffic.of(what));
  }

  private static Set<Integer> ports(ForwarderShell shell) {
    return Stream.concat(shell.listening().stream(), Stream.of(shell.source()))
        .map(InetSocketAddress::getPort)
        .collect(Collectors.toSet());
  }
}
