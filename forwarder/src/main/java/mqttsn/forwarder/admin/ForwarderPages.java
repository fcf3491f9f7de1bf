package mqttsn.forwarder.admin;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.channel.EventLoop;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import mqttsn.daemon.admin.JvmMetrics;
import mqttsn.daemon.admin.MetricsResource;
import mqttsn.daemon.admin.Resource;
import mqttsn.daemon.admin.Response;
import mqttsn.daemon.admin.Routes;
import mqttsn.forwarder.net.Counters;
import mqttsn.forwarder.net.ForwarderShell;
import mqttsn.forwarder.serial.SerialLine;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}, {@code /healthz} and {@code /readyz} of a forwarder. */
public final class ForwarderPages {

  private final ForwarderShell shell;
  private final @Nullable SerialLine serial;

  private ForwarderPages(ForwarderShell shell, @Nullable SerialLine serial) {
    this.shell = shell;
    this.serial = serial;
  }

  /**
   * The pages of a forwarder that has started.
   *
   * @param loop the event loop whose answer is the sign of health
   * @param maxNodes how many nodes may be known at the same time
   */
  public static Routes of(
      EventLoop loop,
      ForwarderShell shell,
      @Nullable SerialLine serial,
      Counters counters,
      int maxNodes) {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.register(registry);
    ForwarderMetrics metrics = new ForwarderMetrics(registry);
    metrics.forwarder(shell, counters, maxNodes);
    if (serial != null) {
      metrics.serialLine(serial);
    }
    ForwarderPages pages = new ForwarderPages(shell, serial);
    return new Routes()
        .guarded("/metrics", Resource.of(() -> MetricsResource.scrape(registry)))
        .open("/healthz", Resource.on(loop, () -> Response.text(200, "alive")))
        .open("/readyz", Resource.of(pages::readiness));
  }

  /** Ready is who can carry a datagram both ways. */
  private Response readiness() {
    InetSocketAddress gateway = shell.gateway();
    if (gateway == null) {
      return Response.text(503, "no gateway is known");
    }
    if (!shell.gatewayAnswers()) {
      return Response.text(503, "gateway " + toSocketAddressString(gateway) + " does not answer");
    }
    if (serial != null && !serial.isOpen()) {
      return Response.text(503, "the serial port is not open");
    }
    return Response.text(200, "ready, gateway " + toSocketAddressString(gateway));
  }
}
