package mqttsn.gateway.simulation;

import static mqttsn.gateway.simulation.Breakage.breaks;
import static mqttsn.gateway.simulation.Breakage.breaksCore;
import static mqttsn.gateway.simulation.Breakage.persists;
import static mqttsn.gateway.simulation.Breakage.sends;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mqttsn.codec.Disconnect;
import mqttsn.codec.PingReq;
import mqttsn.codec.PubComp;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.RegAck;
import mqttsn.codec.ReturnCode;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.ClientAddress;
import mqttsn.gateway.session.SessionRecord;
import mqttsn.gateway.session.TestSessionRecord;
import org.junit.jupiter.api.Test;

/**
 * Each invariant of messages to clients is red when the core has the fault that it is there for.
 */
class DownlinkInvariantsTest {

  private static final String NEVER_DELIVERED = "acknowledged to the broker, but never delivered";

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
                real,
                (input, actions) -> persists(actions, DownlinkInvariantsTest::withoutWaiting)) {
              @Override
              public Map<String, Optional<SessionRecord>> takeChanged(int most, long now) {
                Map<String, Optional<SessionRecord>> changed = super.takeChanged(most, now);
                changed.replaceAll(
                    (id, record) -> record.map(DownlinkInvariantsTest::withoutWaiting));
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
  void octetsThatNobodyCountsAreSeen() {
    breaksCore(
        "octets wait, but",
        real ->
            new BrokenCore(real) {
              @Override
              public long waitingBytes() {
                return 0;
              }
            });
  }

  /** A record that tells nothing of the QoS 1 messages for the client. */
  private static SessionRecord withoutWaiting(SessionRecord r) {
    SessionRecord.Outstanding o = r.outstanding();
    return TestSessionRecord.of(r)
        .withOutstanding(o == null || o.message().qos() == Qos.ONE ? null : o)
        .withWaiting(r.waiting().stream().filter(message -> message.qos() != Qos.ONE).toList())
        .build();
  }
}
