package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Connect;
import mqttsn.codec.Disconnect;
import mqttsn.codec.Legible;
import mqttsn.codec.PubAck;
import mqttsn.codec.Publish;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;
import mqttsn.gateway.session.Settings;

/**
 * Over a shared connection nobody is starved: while a publish with QoS 1 or 2 waits for room, no
 * other client of the connection gets more than two new ones sent. One that waits for its packet
 * identifier lets others go first. Where the durable queue acknowledges, nothing waits in this way:
 * what is not sent soon comes into the queue, for which there is {@link QueueKeepsItsOrder}.
 */
final class TurnsAreTaken implements Invariant {

  private static final int MOST = 2;

  private final Sharing sharing;
  private final boolean isQueued;
  private final Map<String, String> senders = new HashMap<>();
  private final Set<String> sent = new HashSet<>();

  /** How many publishes of others were sent since, by payload and client. */
  private final Map<String, Map<String, Integer>> waiting = new HashMap<>();

  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();

  /** Packet identifiers that the broker is asked to free before they are used, by MQTT client. */
  private final Map<String, Set<Integer>> beingFreed = new HashMap<>();

  /** Packet identifiers that are in use. */
  private final Map<String, Set<Integer>> used = new HashMap<>();

  TurnsAreTaken(Settings settings) {
    this.sharing = Sharing.of(settings);
    this.isQueued = settings.queue().isOn() && settings.queue().ack() != Settings.QueueAck.BROKER;
  }

  @Override
  public void received(ModelClient client, Legible message) {
    String clientId = client.clientId();
    if (message instanceof Connect || message instanceof Disconnect) {
      waiting.keySet().removeIf(payload -> clientId.equals(senders.get(payload)));
    } else if (!isQueued
        && message instanceof Publish publish
        && publish.qos().level() > 0
        && sharing.isShared(clientId)) {
      String payload = publish.data().toUtf8String();
      senders.put(payload, clientId);
      if (!sent.contains(payload)) {
        waiting.putIfAbsent(payload, new HashMap<>());
      }
    }
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  /** Refused, or answered in any other way. */
  @Override
  public void sent(ModelClient client, ToClient message) {
    if (message instanceof PubAck) {
      waiting.keySet().removeIf(payload -> client.clientId().equals(senders.get(payload)));
    }
  }

  @Override
  public void commanded(String mqttClientId, BrokerLink link, BrokerCommand command) {
    Set<Integer> freed = of(mqttClientId, beingFreed);
    if (command instanceof BrokerCommand.PubRel pubRel
        && !of(mqttClientId, used).contains(pubRel.packetIdentifier())) {
      freed.add(pubRel.packetIdentifier());
    }
    if (!(command instanceof BrokerCommand.Publish publish) || publish.packetIdentifier() == 0) {
      return;
    }
    of(mqttClientId, used).add(publish.packetIdentifier());
    String payload = publish.payload().toUtf8String();
    String sender = senders.get(payload);
    waiting.remove(payload);
    if (sender == null || !sent.add(payload)) {
      return;
    }
    waiting.forEach(
        (other, counts) -> {
          String starved = senders.getOrDefault(other, "");
          boolean isBeside = sharing.mqttClientId(starved).equals(mqttClientId);
          if (isBeside
              && freed.isEmpty()
              && !starved.equals(sender)
              && counts.merge(sender, 1, Integer::sum) > MOST) {
            throw new Violation(other + " waits for its turn while " + sender + " has many");
          }
        });
  }

  /** What a refusal was about is not told. */
  @Override
  public void acted(List<Action> actions) {
    if (actions.stream().anyMatch(action -> action instanceof Action.Refusal)) {
      waiting.clear();
    }
  }

  /** After an outage sessions send again what they have. */
  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Connected
        || event instanceof BrokerEvent.Lost
        || event instanceof BrokerEvent.Congestion) {
      waiting.clear();
      beingFreed.clear();
    } else if (event instanceof BrokerEvent.PubComp pubComp) {
      String mqttClientId = mqttClientIds.getOrDefault(link, "");
      of(mqttClientId, beingFreed).remove(pubComp.packetIdentifier());
      of(mqttClientId, used).remove(pubComp.packetIdentifier());
    }
  }

  @Override
  public void ended() {
    waiting.clear();
    beingFreed.clear();
    used.clear();
  }

  private static Set<Integer> of(String mqttClientId, Map<String, Set<Integer>> identifiers) {
    return identifiers.computeIfAbsent(mqttClientId, key -> new HashSet<>());
  }
}
