package mqttsn.gateway.simulation;

import java.util.List;
import java.util.Set;
import mqttsn.gateway.session.Settings;

/** Settings with small limits, so that limits are met. */
public final class SimulatedSettings {

  private SimulatedSettings() {}

  /** The same ones every time. */
  public static Settings small() {
    return any(new Dice(1));
  }

  static Settings any(Dice dice) {
    Settings.Aggregating aggregating = aggregating(dice);
    return new Settings(
        1,
        "gateway",
        2048,
        Topics.predefined(),
        new Settings.Sessions(
            14,
            10 * Timeline.SECOND,
            3,
            dice.pick(List.of(2, 10, 100)),
            dice.chance(0.3) ? 500 : 65_536,
            dice.chance(0.3) ? 2_000 : 33_554_432,
            24 * Timeline.HOUR,
            24 * Timeline.HOUR,
            64,
            false,
            false,
            100,
            50,
            16,
            dice.chance(0.2) ? 3 : 1_000,
            dice.chance(0.2) ? 2 : 100,
            dice.chance(0.6)),
        new Settings.Broker(30 * Timeline.SECOND, 5 * Timeline.SECOND),
        new Settings.QosMinusOne(Settings.QosMinusOnePolicy.ALL, 50),
        new Settings.Discovery(15 * Timeline.MINUTE, Settings.Discovery.ACTIVE),
        new Settings.Forwarders(Set.of(), 1_000, 20_000),
        aggregating,
        aggregating.connections() == 0 ? Settings.Queue.NONE : queue(dice));
  }

  /** The same for a process that starts later. */
  static Settings startedAt(Settings settings, long now) {
    Settings.Aggregating aggregating = settings.aggregating();
    return new Settings(
        settings.gwId(),
        settings.name(),
        settings.maxDatagramBytes(),
        settings.predefinedTopics(),
        settings.sessions(),
        settings.broker(),
        settings.qosMinusOne(),
        settings.discovery(),
        settings.forwarders(),
        new Settings.Aggregating(
            aggregating.connections(),
            aggregating.topicPrefix(),
            aggregating.clients(),
            now / 1_000),
        settings.queue());
  }

  /** In half of the worlds with a shared connection there is a durable queue. */
  private static Settings.Queue queue(Dice dice) {
    if (dice.chance(0.5)) {
      return Settings.Queue.NONE;
    }
    return new Settings.Queue(
        dice.pick(List.of(Settings.QueueAck.values())),
        dice.chance(0.2) ? 1_000 : 1_048_576,
        dice.pick(List.of(5, 50, 100_000, 100_000)),
        dice.pick(List.of(Timeline.MINUTE, 24 * Timeline.HOUR, 24 * Timeline.HOUR)),
        dice.chance(0.5),
        dice.pick(List.of(5, 500)),
        dice.chance(0.5));
  }

  /** A connection for each client, one or a few for all, or for some of them. */
  private static Settings.Aggregating aggregating(Dice dice) {
    if (dice.chance(0.5)) {
      return Settings.Aggregating.NONE;
    }
    return new Settings.Aggregating(
        dice.pick(List.of(1, 1, 2)),
        dice.pick(List.of("", "", "hall/", "by/{client-id}/")),
        dice.chance(0.4) ? List.of("c1*", "c3", "c4", "liar*") : List.of(),
        0);
  }
}
