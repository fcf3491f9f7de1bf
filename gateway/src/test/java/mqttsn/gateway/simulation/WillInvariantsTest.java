package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.isWill;
import static mqttsn.gateway.simulation.Breakage.publishes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.Action;
import org.junit.jupiter.api.Test;

/** Each invariant of wills is red when the core has the fault that it is there for. */
class WillInvariantsTest {

  /** Wills that go through the durable queue are left alone: there its order shows it first. */
  @Test
  void lostWillIsSeen() {
    Set<Octets> queued = new HashSet<>();
    breaks(
        "wills never published",
        (input, actions) -> {
          for (Action action : actions) {
            if (action instanceof Action.Enqueue enqueue) {
              queued.add(enqueue.message().payload());
            }
          }
          publishes(
              actions, p -> isWill(p) && !queued.contains(p.payload()) ? List.of() : List.of(p));
        });
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
