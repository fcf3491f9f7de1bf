package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.changed;
import static mqttsn.gateway.simulation.Breakage.fromOrigin;
import static mqttsn.gateway.simulation.Breakage.isWill;
import static mqttsn.gateway.simulation.Breakage.publishes;
import static mqttsn.gateway.simulation.Breakage.sends;

import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import org.junit.jupiter.api.Test;

/**
 * Each invariant of messages from clients is red when the core has the fault that it is there for.
 */
class UplinkInvariantsTest {

  @Test
  void acknowledgementBeforeTheBrokersIsSeen() {
    breaks(
        "is acknowledged and has not arrived",
        (input, actions) -> {
          if (input.what() instanceof Publish p && p.qos() == Qos.ONE && input.from() != null) {
            PubAck early = new PubAck(p.topic().topicId(), p.msgId(), ReturnCode.ACCEPTED);
            actions.add(0, new Action.Send(input.from(), early));
            actions.removeIf(action -> action instanceof Action.Command);
          }
        });
  }

  @Test
  void secondPublishWithQosTwoIsSeen() {
    breaks(
        "has QoS 2 and arrives again",
        (input, actions) ->
            publishes(
                actions,
                p ->
                    p.qos() == Qos.TWO
                        ? List.of(p, changed(p, p.topicName(), p.packetIdentifier() + 30_000))
                        : List.of(p)));
  }

  @Test
  void otherTopicNameIsSeen() {
    breaks(
        "but is for",
        (input, actions) ->
            publishes(
                actions, p -> List.of(changed(p, p.topicName() + "/x", p.packetIdentifier()))));
  }

  @Test
  void publishThatOvertakesIsSeen() {
    List<BrokerCommand.Publish> held = new ArrayList<>();
    breaks(
        "is overtaken",
        (input, actions) -> {
          int before = held.size();
          publishes(
              actions,
              p -> {
                // Over a shared connection the numbers would show it first.
                if (p.qos() != Qos.ZERO || p.origin() != null || isWill(p)) {
                  return List.of(p);
                }
                if (held.isEmpty()) {
                  held.add(p);
                  return List.of();
                }
                return List.of(p, held.remove(0));
              });
          if (held.size() > before) {
            actions.add(Action.Drop.BROKER_AWAY);
          }
        });
  }

  @Test
  void publishWithoutItsOriginIsSeen() {
    breaks(
        "but its origin is null",
        (input, actions) -> publishes(actions, p -> List.of(fromOrigin(null, p))));
  }

  @Test
  void numberForTwoMessagesIsSeen() {
    breaks(
        "has the number of",
        (input, actions) ->
            publishes(
                actions,
                p -> {
                  BrokerCommand.Origin origin = p.origin();
                  return List.of(
                      origin == null
                          ? p
                          : fromOrigin(new BrokerCommand.Origin(origin.clientId(), 7), p));
                }));
  }

  @Test
  void publishThatDisappearsIsSeen() {
    breaks(
        "disappears",
        (input, actions) -> publishes(actions, p -> p.qos() == Qos.ZERO ? List.of() : List.of(p)));
  }

  @Test
  void moreThanTheReceiveMaximumIsSeen() {
    breaks(
        "receive maximum",
        (input, actions) ->
            publishes(
                actions,
                p -> {
                  List<BrokerCommand> many = new ArrayList<>(List.of(p));
                  for (int i = 1; p.qos() == Qos.ONE && i < 25; i++) {
                    many.add(changed(p, p.topicName(), 30_000 + i));
                  }
                  return many;
                }));
  }

  @Test
  void clientThatNeverHasItsTurnIsSeen() {
    breaks(
        "waits for its turn",
        (input, actions) ->
            publishes(
                actions,
                p -> {
                  BrokerCommand.Origin origin = p.origin();
                  boolean isStarved = origin != null && origin.clientId().equals("c3");
                  return isStarved && p.qos() != Qos.ZERO && !isWill(p) ? List.of() : List.of(p);
                }));
  }

  @Test
  void unservedClientIsSeen() {
    breaks(
        "is not served",
        (input, actions) ->
            sends(
                actions,
                send -> send.message() instanceof PubRec ? List.of() : List.of(send.message())));
  }
}
