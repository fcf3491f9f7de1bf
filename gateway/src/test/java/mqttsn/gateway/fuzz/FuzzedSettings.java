package mqttsn.gateway.fuzz;

import java.util.List;
import java.util.concurrent.TimeUnit;
import mqttsn.gateway.session.Settings;
import mqttsn.gateway.session.Settings.QueueAck;
import mqttsn.gateway.simulation.SimulatedSettings;

/** The kinds of gateway whose core is fuzzed, all with small limits. */
final class FuzzedSettings {

  private static final long QUEUE_AGE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final Settings.Aggregating SHARED =
      new Settings.Aggregating(1, "by/{client-id}/", List.of(), 0);

  private static final Settings.Aggregating HYBRID =
      new Settings.Aggregating(2, "", List.of("a*", "c*"), 0);

  private static final List<Settings> ALL =
      List.of(
          with(Settings.Aggregating.NONE, Settings.Queue.NONE),
          with(SHARED, Settings.Queue.NONE),
          with(
              SHARED,
              new Settings.Queue(QueueAck.FIRST, 2_000, 8, QUEUE_AGE_NANOS, false, 5, true)),
          with(HYBRID, new Settings.Queue(QueueAck.DISK, 2_000, 8, QUEUE_AGE_NANOS, true, 5, true)),
          with(
              HYBRID, new Settings.Queue(QueueAck.BROKER, 500, 3, QUEUE_AGE_NANOS, true, 5, true)));

  private FuzzedSettings() {}

  /** One kind for each choice. */
  static Settings of(int choice) {
    return ALL.get(choice % ALL.size());
  }

  private static Settings with(Settings.Aggregating aggregating, Settings.Queue queue) {
    Settings small = SimulatedSettings.small();
    return new Settings(
        small.gwId(),
        small.name(),
        small.maxDatagramBytes(),
        small.predefinedTopics(),
        small.sessions(),
        small.broker(),
        small.qosMinusOne(),
        small.discovery(),
        small.forwarders(),
        aggregating,
        queue);
  }
}
