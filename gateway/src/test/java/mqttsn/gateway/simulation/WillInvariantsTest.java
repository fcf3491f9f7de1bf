package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.isWill;
import static mqttsn.gateway.simulation.Breakage.publishes;

import java.util.List;
import mqttsn.codec.Qos;
import org.junit.jupiter.api.Test;

/** Each invariant of wills is red when the core has the fault that it is there for. */
class WillInvariantsTest {

  @Test
  void lostWillIsSeen() {
    breaks(
        "wills never published",
        (input, actions) -> publishes(actions, p -> isWill(p) ? List.of() : List.of(p)));
  }

  @Test
  void repeatedWillIsSeen() {
    breaks(
        "published, lost 1 times",
        (input, actions) ->
            publishes(
                actions, p -> isWill(p) && p.qos() == Qos.ZERO ? List.of(p, p, p, p) : List.of(p)));
  }
}
