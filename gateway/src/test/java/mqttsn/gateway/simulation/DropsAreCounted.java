package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import org.jspecify.annotations.Nullable;

/**
 * Nothing disappears in silence. A publish without acknowledgement goes to the broker at once, or
 * into the durable queue, or counts as dropped; a message that the broker gets an acknowledgement
 * for is with the client or counts as dropped.
 */
final class DropsAreCounted implements Invariant {

  private record Identified(String mqttClientId, int packetIdentifier) {}

  private final Sharing sharing;
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private final Map<Identified, String> payloads = new HashMap<>();
  private final Map<String, Set<String>> deliveredTo = new HashMap<>();
  private @Nullable Publish unacknowledged;
  private int undelivered;
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
      payloads.put(
          new Identified(mqttClientIds.getOrDefault(link, ""), publish.packetIdentifier()),
          publish.payload().toUtf8String());
    }
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
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
    String payload = payloads.get(new Identified(clientId, packetIdentifier));
    if (payload == null) {
      throw new Violation(clientId + ": acknowledges what the broker did not send");
    }
    // Over a shared connection many clients get it, and nobody is waited for.
    if (clientId.startsWith("c")
        && !sharing.isShared(clientId)
        && !deliveredTo.getOrDefault(clientId, Set.of()).contains(payload)) {
      undelivered++;
      lastUndelivered = payload;
    }
  }

  @Override
  public void acted(List<Action> actions) {
    long drops = actions.stream().filter(action -> action instanceof Action.Drop).count();
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
