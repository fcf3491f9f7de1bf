package mqttsn.gateway.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import mqttsn.daemon.admin.MetricsResource;
import mqttsn.daemon.admin.Resource;
import mqttsn.daemon.admin.Response;
import mqttsn.daemon.admin.Routes;

/** The pages of a gateway: {@code /metrics}, {@code /healthz}, {@code /readyz}. */
public final class GatewayPages {

  private final Observed gateway;
  private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
  private final GatewayMetrics metrics;

  private GatewayPages(Observed gateway) {
    this.gateway = gateway;
    this.metrics = new GatewayMetrics(gateway, snapshot::get);
  }

  /** The pages of a gateway that has started. */
  public static Routes of(Observed gateway) {
    GatewayPages pages = new GatewayPages(gateway);
    return new Routes()
        .guarded("/metrics", request -> pages.metrics())
        .open("/healthz", Resource.on(gateway.loop(), () -> Response.text(200, "alive")))
        .open("/readyz", Resource.on(gateway.loop(), pages::readiness));
  }

  /** The gauges are taken in the event loop, everything else is done outside of it. */
  private CompletionStage<Response> metrics() {
    return CompletableFuture.supplyAsync(this::take, gateway.loop())
        .thenApplyAsync(
            taken -> {
              snapshot.set(taken);
              return MetricsResource.scrape(metrics.registry());
            });
  }

  private Snapshot take() {
    return Snapshot.of(gateway.gateway(), gateway.broker(), gateway.loop().ticker().nanoTime());
  }

  /** Sockets are bound before these pages are; what is left is the broker. */
  private Response readiness() {
    return gateway.gateway().isBrokerReachable()
        ? Response.text(200, "ready")
        : Response.text(503, "the broker is not reachable");
  }
}
