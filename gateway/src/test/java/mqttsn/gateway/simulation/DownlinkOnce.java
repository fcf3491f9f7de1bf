package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Connect;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;

/**
 * A message with QoS 2 is delivered to its client no more than once, as long as the client
 * remembers, and broker and gateway keep their sessions.
 */
final class DownlinkOnce implements Invariant {

  private static final class Count {
    int delivered;
    boolean isOnce = true;
  }

  private final Sharing sharing;
  private final Map<String, Map<String, Integer>> queuedFor = new HashMap<>();
  private final Map<String, Map<String, Count>> byClient = new HashMap<>();
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();

  DownlinkOnce(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  @Override
  public void queued(String mqttClientId, String payload) {
    queuedFor.computeIfAbsent(mqttClientId, key -> new HashMap<>()).merge(payload, 1, Integer::sum);
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    if (message instanceof Publish publish) {
      count(client, publish.data().toUtf8String()).isOnce &= publish.qos() == Qos.TWO;
    }
  }

  @Override
  public void delivered(ModelClient client, String topicName, String payload) {
    Count count = count(client, payload);
    int queued =
        queuedFor
            .getOrDefault(sharing.mqttClientId(client.clientId()), Map.of())
            .getOrDefault(payload, 0);
    if (++count.delivered > queued && count.isOnce) {
      throw new Violation(client.clientId() + " gets " + payload + " with QoS 2 again");
    }
  }

  @Override
  public void rebooted(ModelClient client) {
    startAgain(client.clientId());
  }

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof Connect connect && connect.cleanSession()) {
      startAgain(client.clientId());
    }
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Connected connected && !connected.sessionPresent()) {
      String mqttClientId = mqttClientIds.getOrDefault(link, "");
      byClient.keySet().stream()
          .filter(clientId -> sharing.mqttClientId(clientId).equals(mqttClientId))
          .forEach(this::startAgain);
    }
  }

  /** What was under way may come twice. */
  private void startAgain(String clientId) {
    byClient.getOrDefault(clientId, Map.of()).values().forEach(count -> count.isOnce = false);
  }

  private Count count(ModelClient client, String payload) {
    return byClient
        .computeIfAbsent(client.clientId(), key -> new HashMap<>())
        .computeIfAbsent(payload, key -> new Count());
  }
}
