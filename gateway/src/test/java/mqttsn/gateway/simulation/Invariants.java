package mqttsn.gateway.simulation;

import java.util.List;
import mqttsn.gateway.session.Settings;

/** All of them. */
final class Invariants {

  private Invariants() {}

  static List<Invariant> all(Settings settings) {
    return List.of(
        new AcknowledgedArrives(),
        new UplinkOrder(),
        new DropsAreCounted(),
        new DownlinkOnce(),
        new DownlinkOrder(),
        new OneOutstanding(),
        new SleepersAreLeftAlone(),
        new LimitsHold(settings),
        new TopicIdsAreUnique(),
        new WillsArrive(),
        new Supervision(settings),
        new ComesToRest());
  }
}
