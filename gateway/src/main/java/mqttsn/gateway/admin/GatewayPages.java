package mqttsn.gateway.admin;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import mqttsn.daemon.admin.MetricsResource;
import mqttsn.daemon.admin.Resource;
import mqttsn.daemon.admin.Response;
import mqttsn.daemon.admin.Routes;

/**
 * The pages of a gateway: its status page and the JSON behind it, metrics, health.
 *
 * <p>What the event loop owns is taken there as values; answers are written outside of it.
 */
public final class GatewayPages {

  private final Observed gateway;
  private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
  private final GatewayMetrics metrics;
  private final StatusAnswer status;

  private GatewayPages(Observed gateway) {
    this.gateway = gateway;
    this.metrics = new GatewayMetrics(gateway, snapshot::get);
    RateHistory rates = new RateHistory(gateway.counters());
    rates.begin(gateway.loop());
    this.status = new StatusAnswer(gateway, rates);
  }

  /** The pages of a gateway that has started. */
  public static Routes of(Observed gateway) {
    GatewayPages pages = new GatewayPages(gateway);
    Response statusPage = StatusPage.read();
    return new Routes()
        .open("/", Resource.of(() -> statusPage))
        .open("/healthz", Resource.on(gateway.loop(), () -> Response.text(200, "alive")))
        .open("/readyz", Resource.on(gateway.loop(), pages::readiness))
        .guarded("/metrics", pages.taken(pages::gauges, pages::metrics))
        .guarded(
            "/api/status",
            pages.json(pages::gauges, gauges -> pages.status.json(gauges, Instant.now())))
        .guarded(
            "/api/broker",
            pages.json(() -> BrokerAnswer.of(gateway), broker -> broker.json(Instant.now())))
        .guarded(
            "/api/clients",
            pages.json(
                () -> gateway.gateway().views(pages.nanoTime()),
                views -> ListAnswers.clients(views, Instant.now())))
        .guarded(
            "/api/topics",
            pages.json(gateway::predefinedTopics, topics -> ListAnswers.topics(topics)))
        .guarded(
            "/api/events",
            pages.json(
                gateway::recentEvents,
                events -> ListAnswers.events(events, gateway.counters(), Instant.now())));
  }

  /**
   * @param take in the event loop
   * @param write anywhere else
   */
  private <T> Resource taken(Supplier<T> take, Function<T, Response> write) {
    return request -> CompletableFuture.supplyAsync(take, gateway.loop()).thenApplyAsync(write);
  }

  private <T> Resource json(Supplier<T> take, Function<T, String> write) {
    return taken(take, write.andThen(Response::json));
  }

  private Snapshot gauges() {
    return Snapshot.of(gateway.gateway(), gateway.broker(), nanoTime());
  }

  private long nanoTime() {
    return gateway.loop().ticker().nanoTime();
  }

  private Response metrics(Snapshot gauges) {
    snapshot.set(gauges);
    return MetricsResource.scrape(metrics.registry());
  }

  /** Sockets are bound before these pages are; what is left is the broker. */
  private Response readiness() {
    return gateway.gateway().isBrokerReachable()
        ? Response.text(200, "ready")
        : Response.text(503, "the broker is not reachable");
  }
}
