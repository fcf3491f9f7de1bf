package mqttsn.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.SessionRecord;
import org.jspecify.annotations.Nullable;

/** What a deliberate fault must lead to, and changes of actions that faults consist of. */
final class Breakage {

  /** In so many worlds a fault may hide. */
  private static final int SEEDS = 1_000;

  private Breakage() {}

  static void breaks(String complaint, BrokenCore.Fault fault) {
    breaksCore(complaint, real -> new BrokenCore(real, fault));
  }

  /** The first seed in which the fault shows must show it as what it is. */
  static void breaksCore(String complaint, UnaryOperator<Core> fault) {
    String failure = "";
    for (long seed = 1; failure.isEmpty() && seed <= SEEDS; seed++) {
      failure = failureOf(seed, fault);
    }
    assertThat(failure).contains(complaint);
  }

  static String failureOf(long seed, UnaryOperator<Core> fault) {
    Throwable failure = catchThrowable(() -> new World(seed, fault).live(20 * Timeline.MINUTE));
    return failure == null ? "" : String.valueOf(failure.getMessage());
  }

  static void persists(List<Action> actions, UnaryOperator<SessionRecord> change) {
    actions.replaceAll(
        action ->
            action instanceof Action.Persist persist
                ? new Action.Persist(change.apply(persist.session()))
                : action);
  }

  static void publishes(
      List<Action> actions,
      Function<BrokerCommand.Publish, ? extends List<? extends BrokerCommand>> change) {
    List<Action> before = new ArrayList<>(actions);
    actions.clear();
    for (Action action : before) {
      if (action instanceof Action.Command command
          && command.command() instanceof BrokerCommand.Publish publish) {
        change
            .apply(publish)
            .forEach(changed -> actions.add(new Action.Command(command.link(), changed)));
      } else {
        actions.add(action);
      }
    }
  }

  static void sends(List<Action> actions, Function<Action.Send, List<ToClient>> change) {
    List<Action> before = new ArrayList<>(actions);
    actions.clear();
    for (Action action : before) {
      if (action instanceof Action.Send send) {
        change.apply(send).forEach(m -> actions.add(new Action.Send(send.address(), m)));
      } else {
        actions.add(action);
      }
    }
  }

  static BrokerCommand changed(BrokerCommand.Publish p, String topicName, int packetIdentifier) {
    return new BrokerCommand.Publish(
        packetIdentifier, topicName, p.payload(), p.qos(), p.retain(), p.dup(), p.origin());
  }

  static BrokerCommand fromOrigin(BrokerCommand.@Nullable Origin origin, BrokerCommand.Publish p) {
    return new BrokerCommand.Publish(
        p.packetIdentifier(), p.topicName(), p.payload(), p.qos(), p.retain(), p.dup(), origin);
  }

  static boolean isWill(BrokerCommand.Publish p) {
    return p.topicName().contains("will/");
  }
}
