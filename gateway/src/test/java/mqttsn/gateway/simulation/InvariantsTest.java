package mqttsn.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import mqttsn.codec.Disconnect;
import mqttsn.codec.PingReq;
import mqttsn.codec.PubAck;
import mqttsn.codec.PubComp;
import mqttsn.codec.PubRec;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.Gateway;
import mqttsn.gateway.session.QueueView;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.SessionView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each invariant is red when the core has the fault that it is there for. */
class InvariantsTest {

  private static final int SEEDS = 40;
  private static final String NEVER_DELIVERED = "acknowledged to the broker, but never delivered";

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
                        ? List.of(p, publish(p, p.topicName(), p.packetIdentifier() + 30_000))
                        : List.of(p)));
  }

  @Test
  void otherTopicNameIsSeen() {
    breaks(
        "but is for",
        (input, actions) ->
            publishes(
                actions, p -> List.of(publish(p, p.topicName() + "/x", p.packetIdentifier()))));
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
        (input, actions) -> publishes(actions, p -> List.of(from(null, p))));
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
                      origin == null ? p : from(new BrokerCommand.Origin(origin.clientId(), 7), p));
                }));
  }

  @Test
  void publishThatDisappearsIsSeen() {
    breaks(
        "disappears",
        (input, actions) -> publishes(actions, p -> p.qos() == Qos.ZERO ? List.of() : List.of(p)));
  }

  @Test
  void acknowledgementBeforeTheClientsIsSeen() {
    breaks(
        "is acknowledged to the broker, but not delivered",
        (input, actions) -> {
          if (input.what() instanceof BrokerEvent.Publish p
              && p.qos() == Qos.ONE
              && input.link() != null) {
            actions.add(
                new Action.Command(input.link(), new BrokerCommand.PubAck(p.packetIdentifier())));
          }
        });
  }

  @Test
  void recordWithoutTheWaitingMessagesIsSeen() {
    breaksCore(
        NEVER_DELIVERED,
        real ->
            new BrokenCore(
                real, (input, actions) -> persists(actions, InvariantsTest::withoutWaiting)) {
              @Override
              public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
                Map<String, Optional<SessionRecord>> changed = super.takeChanged(most, now);
                changed.replaceAll((id, record) -> record.map(InvariantsTest::withoutWaiting));
                return changed;
              }
            });
  }

  @Test
  void secondDeliveryWithQosTwoIsSeen() {
    Map<ClientAddress, Publish> last = new HashMap<>();
    breaks(
        "with QoS 2 again",
        (input, actions) -> {
          for (Action action : actions) {
            if (action instanceof Action.Send send
                && send.message() instanceof Publish p
                && p.qos() == Qos.TWO) {
              last.put(send.address(), p);
            }
          }
          ClientAddress from = input.from();
          Publish p = from == null ? null : last.get(from);
          if (input.what() instanceof PubComp && from != null && p != null && actions.isEmpty()) {
            Publish again =
                new Publish(false, Qos.TWO, false, p.topic(), p.msgId() + 30_000, p.data());
            actions.add(new Action.Send(from, again));
          }
        });
  }

  @Test
  void deliveryThatOvertakesIsSeen() {
    Map<ClientAddress, ToClient> held = new HashMap<>();
    breaks(
        "is overtaken",
        (input, actions) ->
            sends(
                actions,
                send -> {
                  if (!(send.message() instanceof Publish p) || p.qos() != Qos.ZERO) {
                    return List.of(send.message());
                  }
                  ToClient earlier = held.remove(send.address());
                  if (earlier == null) {
                    held.put(send.address(), p);
                    return List.of();
                  }
                  return List.of(p, earlier);
                }));
  }

  @Test
  void secondOutstandingMessageIsSeen() {
    breaks(
        "is outstanding",
        (input, actions) ->
            sends(
                actions,
                send ->
                    send.message() instanceof Publish p && p.qos() == Qos.ONE
                        ? List.of(
                            p,
                            new Publish(
                                false, Qos.ONE, false, p.topic(), p.msgId() + 30_000, p.data()))
                        : List.of(send.message())));
  }

  @Test
  void messageToSleeperIsSeen() {
    breaks(
        "sleeps, and gets",
        (input, actions) -> {
          if (input.what() instanceof Disconnect d
              && d.durationSeconds() > 0
              && input.from() != null) {
            actions.add(new Action.Send(input.from(), new PingReq("")));
          }
        });
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
                    many.add(publish(p, p.topicName(), 30_000 + i));
                  }
                  return many;
                }));
  }

  @Test
  void moreSessionsThanAllowedAreSeen() {
    breaksCore(
        "sessions, limit",
        real ->
            new BrokenCore(real, (input, actions) -> {}) {
              @Override
              public int sessions() {
                return super.sessions() + 100;
              }
            });
  }

  @Test
  void octetsThatNobodyCountsAreSeen() {
    breaksCore(
        "octets wait, but",
        real ->
            new BrokenCore(real, (input, actions) -> {}) {
              @Override
              public long waitingBytes() {
                return 0;
              }
            });
  }

  @Test
  void topicIdForTwoNamesIsSeen() {
    breaks(
        "topic id 5 for",
        (input, actions) ->
            sends(
                actions,
                send ->
                    send.message() instanceof RegAck r && r.returnCode() == ReturnCode.ACCEPTED
                        ? List.of(new RegAck(5, r.msgId(), r.returnCode()))
                        : List.of(send.message())));
  }

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

  @Test
  void stateThatIsNotWrittenDownInTimeIsSeen() {
    breaks("QoS 2", (input, actions) -> persists(actions, InvariantsTest::withoutExchanges));
  }

  @Test
  void forgottenSessionsAreSeen() {
    breaksCore(
        "topic id",
        real ->
            new BrokenCore(real, (input, actions) -> {}) {
              @Override
              public List<Action> restore(List<SessionRecord> records, long downNanos, long now) {
                return List.of();
              }
            });
  }

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
  void queueBeyondItsBoundIsSeen() {
    breaksCore(
        "queue: 1000000 messages, limit",
        real ->
            new BrokenCore(real, (input, actions) -> {}) {
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
  void missingDeadlineIsSeen() {
    breaksCore("without a deadline", real -> withDeadline(real, deadline -> Gateway.NEVER));
  }

  @Test
  void lateDeadlineIsSeen() {
    breaksCore(
        "silent and still active", real -> withDeadline(real, InvariantsTest::tenMinutesLater));
  }

  @Test
  void timerThatSpinsIsSeen() {
    breaksCore("the timer spins", real -> withDeadline(real, deadline -> 0L));
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

  @Test
  void stuckMessageIsSeen() {
    breaks(
        "messages are stuck",
        (input, actions) ->
            actions.removeIf(
                action ->
                    action instanceof Action.Command command
                        && command.command() instanceof BrokerCommand.PubComp));
  }

  @Test
  void sessionKeptForEverIsSeen() {
    breaksCore(
        "kept for ever",
        real ->
            new BrokenCore(real, (input, actions) -> {}) {
              private List<SessionView> last = List.of();

              @Override
              public List<SessionView> views(long now) {
                List<SessionView> views = super.views(now);
                if (views.isEmpty() && now > 10 * Timeline.HOUR) {
                  return last.subList(0, Math.min(1, last.size()));
                }
                last = views;
                return views;
              }
            });
  }

  @Test
  void sameSeedGivesTheSameWorld() {
    UnaryOperator<Core> fault = real -> withDeadline(real, InvariantsTest::tenMinutesLater);
    assertThat(failureOf(3, fault)).isEqualTo(failureOf(3, fault)).contains("-Dsimulation.seed=3");
  }

  /** A record that tells nothing of what is under way from the client, and of what it has. */
  private static SessionRecord withoutExchanges(SessionRecord r) {
    return new SessionRecord(
        r.clientId(),
        r.address(),
        r.state(),
        r.cleanSession(),
        r.durationSeconds(),
        r.sleepSeconds(),
        r.silentNanos(),
        r.will(),
        r.topics(),
        r.subscriptions(),
        List.of(),
        List.of(),
        r.outstanding(),
        r.waiting(),
        Set.of(),
        r.lastMsgId(),
        r.lastPacketIdentifier());
  }

  /** A record that tells nothing of the QoS 1 messages for the client. */
  private static SessionRecord withoutWaiting(SessionRecord r) {
    SessionRecord.Outstanding o = r.outstanding();
    return new SessionRecord(
        r.clientId(),
        r.address(),
        r.state(),
        r.cleanSession(),
        r.durationSeconds(),
        r.sleepSeconds(),
        r.silentNanos(),
        r.will(),
        r.topics(),
        r.subscriptions(),
        r.exchanges(),
        r.completed(),
        o == null || o.message().qos() == Qos.ONE ? null : o,
        r.waiting().stream().filter(message -> message.qos() != Qos.ONE).toList(),
        r.received(),
        r.lastMsgId(),
        r.lastPacketIdentifier());
  }

  private static void persists(List<Action> actions, UnaryOperator<SessionRecord> change) {
    actions.replaceAll(
        action ->
            action instanceof Action.Persist persist
                ? new Action.Persist(change.apply(persist.session()))
                : action);
  }

  private static long tenMinutesLater(long deadline) {
    return deadline == Gateway.NEVER ? deadline : deadline + 10 * Timeline.MINUTE;
  }

  private static Core withDeadline(Core real, UnaryOperator<Long> changed) {
    return new BrokenCore(real, (input, actions) -> {}) {
      @Override
      public long deadline() {
        return changed.apply(super.deadline());
      }
    };
  }

  private static void breaks(String complaint, BrokenCore.Fault fault) {
    breaksCore(complaint, real -> new BrokenCore(real, fault));
  }

  /** The first seed in which the fault shows must show it as what it is. */
  private static void breaksCore(String complaint, UnaryOperator<Core> fault) {
    String failure = "";
    for (long seed = 1; failure.isEmpty() && seed <= SEEDS; seed++) {
      failure = failureOf(seed, fault);
    }
    assertThat(failure).contains(complaint);
  }

  private static String failureOf(long seed, UnaryOperator<Core> fault) {
    Throwable failure = catchThrowable(() -> new World(seed, fault).live(20 * Timeline.MINUTE));
    return failure == null ? "" : String.valueOf(failure.getMessage());
  }

  private static void publishes(
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

  private static void sends(List<Action> actions, Function<Action.Send, List<ToClient>> change) {
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

  private static BrokerCommand publish(
      BrokerCommand.Publish p, String topicName, int packetIdentifier) {
    return new BrokerCommand.Publish(
        packetIdentifier, topicName, p.payload(), p.qos(), p.retain(), p.dup(), p.origin());
  }

  private static BrokerCommand from(
      BrokerCommand.@Nullable Origin origin, BrokerCommand.Publish p) {
    return new BrokerCommand.Publish(
        p.packetIdentifier(), p.topicName(), p.payload(), p.qos(), p.retain(), p.dup(), origin);
  }

  private static boolean isWill(BrokerCommand.Publish p) {
    return p.topicName().contains("will/");
  }
}
