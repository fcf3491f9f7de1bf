package mqttsn.gateway.admin;

import static mqttsn.gateway.admin.GatewayMetrics.label;

import io.netty.util.NetUtil;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.codec.Reject;
import mqttsn.daemon.net.EnumCounts;
import mqttsn.daemon.process.CommandLineProgram;
import mqttsn.gateway.config.Configuration;
import mqttsn.gateway.config.Queue;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.net.Counters.QueueCount;
import mqttsn.gateway.net.Counters.Traffic;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.State;
import mqttsn.gateway.store.QueueStore;

/** {@code /api/status}: who this gateway is, and its gauges and rates. */
final class StatusAnswer {

  private final Observed gateway;
  private final RateHistory rates;
  private final Instant started = Instant.now();

  StatusAnswer(Observed gateway, RateHistory rates) {
    this.gateway = gateway;
    this.rates = rates;
  }

  String json(Snapshot snapshot, Instant now) {
    Configuration configuration = gateway.configuration();
    return Json.object(
        json -> {
          json.put("at", now)
              .put("version", CommandLineProgram.version())
              .put("name", configuration.gateway().name())
              .put("gwId", configuration.gateway().id())
              .put("mode", label(configuration.gateway().mode()))
              .put("startedAt", started)
              .put("uptimeSeconds", Duration.between(started, now).toSeconds())
              .putTexts(
                  "listening",
                  gateway.addresses().stream().map(NetUtil::toSocketAddressString).toList())
              .put("brokerUp", snapshot.brokerUp())
              .putObject("sessions", sessions -> sessions(sessions, snapshot))
              .put("sessionsMax", configuration.sessions().max())
              .put("waitingMessages", snapshot.waitingMessages())
              .put("waitingBytes", snapshot.waitingBytes())
              .put("topicIds", snapshot.topicIds())
              .put("subscriptions", snapshot.subscriptions())
              .put(
                  "queue", gateway.queue(), (queue, store) -> queue(queue, store, snapshot.queue()))
              .putObject("totals", this::totals)
              .putObject("rates", this::rates);
        });
  }

  private static void sessions(Json json, Snapshot snapshot) {
    for (State state : State.values()) {
      json.put(label(state), snapshot.sessions().getOrDefault(state, 0L));
    }
  }

  private void queue(Json json, QueueStore store, QueueView view) {
    Queue limits = gateway.configuration().queue();
    EnumCounts<QueueCount> counts = gateway.counters().queue();
    json.put("messages", view.messages())
        .put("messagesMax", limits.messages())
        .put("bytes", view.bytes())
        .put("bytesMax", limits.bytes().bytes())
        .put("ageMaxSeconds", limits.age().toSeconds())
        .put("whenFull", label(limits.whenFull()))
        .put("ack", label(limits.ack()))
        .put("drainRate", limits.drainRate())
        .put("qos0", limits.qos0())
        .put("underWay", view.underWay())
        .put("oldestSeconds", TimeUnit.NANOSECONDS.toSeconds(view.oldestNanos()))
        .put("fileBytes", store.fileBytes())
        .put("diskTakes", store.isWritable())
        .put("stored", counts.of(QueueCount.STORED))
        .put("notStored", counts.of(QueueCount.NOT_STORED))
        .put("removed", counts.of(QueueCount.REMOVED));
  }

  private void totals(Json json) {
    Counters counters = gateway.counters();
    long rejects = 0;
    for (Reject reject : Reject.values()) {
      rejects += counters.rejects().of(reject);
    }
    long refusals = 0;
    for (Action.Refusal refusal : Action.Refusal.values()) {
      refusals += counters.refusals().of(refusal);
    }
    long drops = 0;
    for (Action.Drop drop : Action.Drop.values()) {
      drops += counters.drops().of(drop);
    }
    json.put("messagesIn", RateHistory.total(counters.received()))
        .put("messagesOut", RateHistory.total(counters.sent()))
        .put("datagramsIn", counters.traffic().of(Traffic.DATAGRAMS_IN))
        .put("datagramsOut", counters.traffic().of(Traffic.DATAGRAMS_OUT))
        .put("rejects", rejects)
        .put("refusals", refusals)
        .put("drops", drops)
        .put("retransmissions", counters.tallies().of(Action.Tally.RETRANSMISSION));
  }

  private void rates(Json json) {
    List<RateHistory.Sample> samples = rates.oldestFirst();
    json.put("intervalSeconds", RateHistory.INTERVAL_SECONDS)
        .putNumbers("messagesIn", samples.stream().map(RateHistory.Sample::in).toList())
        .putNumbers("messagesOut", samples.stream().map(RateHistory.Sample::out).toList());
  }
}
