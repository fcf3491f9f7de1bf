package mqttsn.gateway.simulation;

import java.util.List;
import mqttsn.gateway.session.Settings;

/** All of them. */
final class Invariants {

  private Invariants() {}

  static List<Invariant> all(Settings settings) {
    Sharing sharing = Sharing.of(settings);
    return List.of(
        new AcknowledgedArrives(settings),
        new UplinkOrder(),
        new OriginsAreTold(sharing),
        new DropsAreCounted(sharing),
        new DownlinkArrives(sharing),
        new DownlinkOnce(sharing),
        new DownlinkOrder(sharing),
        new OneOutstanding(),
        new SleepersAreLeftAlone(),
        new TurnsAreTaken(settings),
        new QueueKeepsItsOrder(sharing),
        new LimitsHold(settings),
        new TopicIdsAreUnique(),
        new WillsArrive(sharing),
        new Supervision(settings),
        new ComesToRest(sharing));
  }
}
