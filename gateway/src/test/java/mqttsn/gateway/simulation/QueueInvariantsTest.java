package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.breaksCore;
import static mqttsn.gateway.simulation.Breakage.isWill;
import static mqttsn.gateway.simulation.Breakage.publishes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mqttsn.codec.PubAck;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.QueueView;
import org.junit.jupiter.api.Test;

/** Each invariant of the durable queue is red when the core has the fault that it is there for. */
class QueueInvariantsTest {

  @Test
  void queuedPublishThatIsNotOnTheDiskIsSeen() {
    breaks(
        "acknowledged, but never arrived",
        (input, actions) -> {
          boolean isTaken =
              actions.removeIf(a -> a instanceof Action.Enqueue e && e.message().qos() == Qos.ONE);
          if (isTaken && input.what() instanceof Publish p && input.from() != null) {
            PubAck early = new PubAck(p.topic().topicId(), p.msgId(), ReturnCode.ACCEPTED);
            actions.add(new Action.Send(input.from(), early));
          }
        });
  }

  @Test
  void dropFromTheQueueThatIsNotCountedIsSeen() {
    breaks(
        "acknowledged, but never arrived",
        (input, actions) ->
            IntStream.range(1, actions.size())
                .filter(i -> actions.get(i) instanceof Action.Dequeue)
                .filter(i -> actions.get(i - 1) instanceof Action.Drop)
                .forEach(i -> actions.set(i - 1, Action.Tally.DUPLICATE)));
  }

  @Test
  void queuedPublishThatOvertakesIsSeen() {
    List<BrokerCommand.Publish> held = new ArrayList<>();
    breaks(
        "has a number out of order",
        (input, actions) ->
            publishes(
                actions,
                p -> {
                  if (p.packetIdentifier() < 0x8000 || p.qos() != Qos.ONE || isWill(p)) {
                    return List.of(p);
                  }
                  if (held.isEmpty()) {
                    held.add(p);
                    return List.of();
                  }
                  return List.of(p, held.remove(0));
                }));
  }

  @Test
  void queuedPublishThatOthersPassIsSeen() {
    breaks(
        "waits in the queue while later ones leave it",
        (input, actions) -> {
          List<Action> queued = actions.stream().filter(QueueInvariantsTest::isQueued).toList();
          boolean isOfOneClient =
              queued.stream().filter(a -> origin(a).equals(origin(queued.get(0)))).count() > 1;
          if (!queued.isEmpty() && !isOfOneClient) {
            actions.remove(queued.get(0));
            actions.add(queued.get(0));
          }
        });
  }

  @Test
  void queueBeyondItsBoundIsSeen() {
    breaksCore(
        "queue: 1000000 messages, limit",
        real ->
            new BrokenCore(real) {
              @Override
              public QueueView queue(long now) {
                return new QueueView(1_000_000, 0, 0, 0);
              }
            });
  }

  @Test
  void messageThatStaysOnTheDiskIsSeen() {
    breaks(
        "left on the disk of the queue",
        (input, actions) -> actions.removeIf(action -> action instanceof Action.Dequeue));
  }

  private static boolean isQueued(Action action) {
    return action instanceof Action.Command command
        && command.command() instanceof BrokerCommand.Publish publish
        && publish.packetIdentifier() >= 0x8000
        && publish.origin() != null;
  }

  private static String origin(Action action) {
    return action instanceof Action.Command command
            && command.command() instanceof BrokerCommand.Publish publish
            && publish.origin() != null
        ? publish.origin().clientId()
        : "";
  }
}
