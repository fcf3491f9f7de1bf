package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/**
 * Nothing disappears in silence. A publish without acknowledgement goes to the broker at once, or
 * into the durable queue, or counts as dropped; a message that the broker gets an acknowledgement
 * for is with the client or counts as dropped; one with QoS 2 may have been dropped while the
 * broker was away, which sends it again then.
 */
final class DropsAreCounted implements Invariant {

  /** Drops of messages for clients while the session goes on. */
  private static final Set<Action> GIVEN_UP =
      Set.of(
          Action.Drop.BUFFER_FULL,
          Action.Drop.TOO_LARGE,
          Action.Drop.TOPIC_IDS_EXHAUSTED,
          Action.Drop.REJECTED_BY_CLIENT);

  private record Identified(String mqttClientId, int packetIdentifier) {}

  private final Sharing sharing;
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private final Map<Identified, String> payloads = new HashMap<>();
  private final Map<String, Set<String>> deliveredTo = new HashMap<>();
  private @Nullable Publish unacknowledged;
  private int undelivered;

  /**
   * Drops of messages for clients that the broker got no acknowledgement for at that time, or that
   * a process took with it.
   */
  private long dropsBefore;

  /** Messages with QoS 2 that the broker has sent again. */
  private final Set<Identified> repeated = new HashSet<>();

  private String lastUndelivered = "";

  DropsAreCounted(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void received(ModelClient client, Legible message) {
    unacknowledged =
        message instanceof Publish publish && publish.qos().level() <= 0 ? publish : null;
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Publish publish && publish.packetIdentifier() != 0) {
      Identified identified =
          new Identified(mqttClientIds.getOrDefault(link, ""), publish.packetIdentifier());
      payloads.put(identified, publish.payload().toUtf8String());
      if (publish.dup() && publish.qos() == Qos.TWO) {
        repeated.add(identified);
      } else {
        repeated.remove(identified);
      }
    }
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  /** The count ends with the process; the drop may be in the record. */
  @Override
  public void unsaid(List<Action> actions) {
    dropsBefore += actions.stream().filter(GIVEN_UP::contains).count();
  }

  @Override
  public void ended() {
    unacknowledged = null;
    undelivered = 0;
  }

  @Override
  public void delivered(ModelClient client, String topicName, String payload) {
    deliveredTo.computeIfAbsent(client.clientId(), key -> new HashSet<>()).add(payload);
  }

  @Override
  public void commanded(String clientId, BrokerLink link, BrokerCommand command) {
    if (command instanceof BrokerCommand.PubAck pubAck) {
      acknowledged(clientId, pubAck.packetIdentifier());
    } else if (command instanceof BrokerCommand.PubRec pubRec) {
      acknowledged(clientId, pubRec.packetIdentifier());
    }
  }

  private void acknowledged(String clientId, int packetIdentifier) {
    Identified identified = new Identified(clientId, packetIdentifier);
    String payload = payloads.get(identified);
    if (payload == null) {
      throw new Violation(clientId + ": acknowledges what the broker did not send");
    }
    // Over a shared connection many clients get it, and nobody is waited for.
    if (clientId.startsWith("c")
        && !sharing.isShared(clientId)
        && !deliveredTo.getOrDefault(clientId, Set.of()).contains(payload)) {
      undelivered++;
      lastUndelivered = payload;
      if (repeated.remove(identified) && dropsBefore > 0) {
        dropsBefore--;
        undelivered--;
        deliveredTo.computeIfAbsent(clientId, key -> new HashSet<>()).add(payload);
      }
    }
  }

  @Override
  public void acted(List<Action> actions) {
    long drops = actions.stream().filter(action -> action instanceof Action.Drop).count();
    dropsBefore += Math.max(0, actions.stream().filter(GIVEN_UP::contains).count() - undelivered);
    if (undelivered > drops) {
      throw new Violation(lastUndelivered + " is acknowledged to the broker, but not delivered");
    }
    Publish publish = unacknowledged;
    if (publish != null
        && actions.stream()
            .noneMatch(
                action ->
                    action instanceof Action.Drop
                        || action instanceof Action.Refusal
                        || (action instanceof Action.Enqueue enqueue
                            && enqueue.message().payload().equals(publish.data()))
                        || (action instanceof Action.Command command
                            && command.command() instanceof BrokerCommand.Publish sent
                            && sent.payload().equals(publish.data())))) {
      throw new Violation(publish + " disappears");
    }
    undelivered = 0;
    unacknowledged = null;
  }
}
