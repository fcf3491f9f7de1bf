package mqttsn.gateway.admin;

import static mqttsn.gateway.admin.GatewayMetrics.label;

import java.time.Instant;
import java.util.List;
import mqttsn.codec.Reject;
import mqttsn.gateway.net.Counters;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.SessionView;
import mqttsn.topic.PredefinedTopic;
import mqttsn.topic.PredefinedTopics;

/** {@code /api/clients}, {@code /api/topics}, {@code /api/events}: what the tables show. */
final class ListAnswers {

  private ListAnswers() {}

  static String clients(List<SessionView> views, Instant now) {
    return Json.object(
        json ->
            json.put("at", now).putEach("clients", views, (row, view) -> client(row, view, now)));
  }

  private static void client(Json json, SessionView view, Instant now) {
    json.put("clientId", view.clientId())
        .put("address", view.address().toString())
        .put("state", label(view.state()))
        .put("lastSeen", now.minusNanos(view.silentNanos()))
        .put("sleepingUntil", view.wakesInNanos() > 0 ? now.plusNanos(view.wakesInNanos()) : null)
        .put("keepAliveSeconds", view.durationSeconds())
        .put("cleanSession", view.cleanSession())
        .put("waitingMessages", view.waitingMessages())
        .put("waitingBytes", view.waitingBytes())
        .put("topics", view.topics())
        .put("subscriptions", view.subscriptions())
        .put("brokerUp", view.brokerUp());
  }

  static String topics(PredefinedTopics topics) {
    return Json.object(json -> json.putEach("topics", topics.topics(), ListAnswers::topic));
  }

  private static void topic(Json json, PredefinedTopic topic) {
    json.put("clients", topic.clients())
        .put("topicName", topic.name())
        .put("topicId", topic.id().topicId());
  }

  static String events(List<RecentEvents.Entry> newestFirst, Counters counters, Instant now) {
    return Json.object(
        json ->
            json.put("at", now)
                .putEach("events", newestFirst, ListAnswers::event)
                .putObject("rejects", rejects -> rejects(rejects, counters))
                .putObject("refusals", refusals -> refusals(refusals, counters))
                .putObject("drops", drops -> drops(drops, counters)));
  }

  private static void event(Json json, RecentEvents.Entry entry) {
    ClientAddress address = entry.notice().address();
    json.put("at", entry.at())
        .put("event", label(entry.notice().event()))
        .put("clientId", entry.notice().clientId())
        .put("address", address == null ? "" : address.toString())
        .put("detail", entry.notice().detail())
        .put("more", entry.more());
  }

  private static void rejects(Json json, Counters counters) {
    for (Reject reject : Reject.values()) {
      json.put(reject.label(), counters.rejects().of(reject) + counters.unusables().of(reject));
    }
  }

  private static void refusals(Json json, Counters counters) {
    for (Action.Refusal refusal : Action.Refusal.values()) {
      json.put(refusal.label(), counters.refusals().of(refusal));
    }
  }

  private static void drops(Json json, Counters counters) {
    for (Action.Drop drop : Action.Drop.values()) {
      json.put(drop.label(), counters.drops().of(drop));
    }
  }
}
