package mqttsn.gateway.admin;

import static mqttsn.gateway.admin.GatewayMetrics.label;

import java.time.Instant;
import java.util.List;
import mqttsn.gateway.broker.BrokerStatus;
import mqttsn.gateway.broker.quic.MqttOverQuic;
import mqttsn.gateway.broker.quic.PathChange;
import mqttsn.gateway.broker.quic.PathCounters;
import mqttsn.gateway.broker.quic.PathEvent;
import mqttsn.gateway.broker.quic.PathStatus;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/broker}: how the broker is reached. Taken in the event loop.
 *
 * @param quic null where no URL asks for it
 */
record BrokerAnswer(boolean up, BrokerStatus broker, @Nullable Quic quic) {

  /** What connections over QUIC add. */
  record Quic(@Nullable PathStatus path, List<PathChange> changes, PathCounters counters) {}

  static BrokerAnswer of(Observed gateway) {
    MqttOverQuic quic = gateway.quic();
    return new BrokerAnswer(
        gateway.gateway().isBrokerReachable(),
        gateway.broker(),
        quic == null ? null : new Quic(quic.path(), quic.recentChanges(), quic.counters()));
  }

  String json(Instant now) {
    return Json.object(
        json ->
            json.put("at", now)
                .put("up", up)
                .put("connection", broker.own(), (own, value) -> own(own, value, now))
                .putEach("urls", broker.urls(), BrokerAnswer::url)
                .putObject("links", this::links)
                .putObject("counts", this::counts)
                .put("quic", quic, BrokerAnswer::quic));
  }

  private static void own(Json json, BrokerStatus.Own own, Instant now) {
    json.put("url", own.url().toString())
        .put("mqttVersion", own.mqttVersion() == 5 ? "5" : "3.1.1")
        .put("since", now.minus(own.age()));
  }

  private static void url(Json json, BrokerStatus.Url url) {
    json.put("url", url.url().toString())
        .put("health", label(url.health()))
        .put("connections", url.connections())
        .put("lastFailure", url.lastFailure());
  }

  private void links(Json json) {
    json.put("open", broker.open())
        .put("connecting", broker.connecting())
        .put("waiting", broker.waiting());
  }

  private void counts(Json json) {
    BrokerStatus.Counts counts = broker.counts();
    json.put("connects", counts.connects())
        .put("reconnects", counts.reconnects())
        .put("failedAttempts", counts.failedAttempts())
        .put("refusals", counts.refusals())
        .put("losses", counts.losses())
        .put("packetsToBroker", counts.packetsToBroker())
        .put("packetsFromBroker", counts.packetsFromBroker())
        .put("skippedOversize", counts.skippedOversize());
  }

  private static void quic(Json json, Quic quic) {
    json.put("path", quic.path(), BrokerAnswer::path)
        .putEach("changes", quic.changes(), BrokerAnswer::change)
        .put("handshakes", quic.counters().handshakes())
        .put("handshakesFailed", quic.counters().handshakesFailed())
        .put("resumptions", quic.counters().resumptions())
        .put("recoveries", quic.counters().recoveries());
  }

  private static void path(Json json, PathStatus path) {
    json.put("interface", path.uplink().interfaceName())
        .put("address", path.uplink().source().getHostAddress())
        .put("port", path.localPort())
        .put("resumed", path.resumed())
        .put("changes", path.changes())
        .put("lastGapMillis", path.lastGap().toMillis());
  }

  private static void change(Json json, PathChange change) {
    json.put("at", change.at())
        .put("url", change.url().toString())
        .put("event", event(change.event()))
        .put("text", change.event().toString())
        .put("connections", change.connections())
        .put("longestGapMillis", change.longestGap().toMillis());
  }

  private static String event(PathEvent event) {
    if (event instanceof PathEvent.Changed) {
      return "changed";
    } else if (event instanceof PathEvent.Recovered) {
      return "recovered";
    }
    return event instanceof PathEvent.RouteLost ? "route-lost" : "given-up";
  }
}
