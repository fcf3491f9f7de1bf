package mqttsn.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mqttsn.codec.Publish;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;

/**
 * Messages of the broker with the same QoS leave for the client in the order of their arrival. Over
 * a shared connection each client has them with its own QoS.
 */
final class DownlinkOrder implements Invariant {

  private final Sharing sharing;
  private final Map<BrokerLink, String> mqttClientIds = new HashMap<>();
  private final Map<String, List<String>> arrivals = new HashMap<>();
  private final Map<String, Sequence> byClientAndQos = new HashMap<>();

  DownlinkOrder(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    mqttClientIds.put(link, connect.clientId());
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    String mqttClientId = mqttClientIds.get(link);
    if (event instanceof BrokerEvent.Publish publish && mqttClientId != null) {
      arrivals(mqttClientId, publish.qos().level()).add(publish.payload().toUtf8String());
    }
  }

  @Override
  public void sent(ModelClient client, ToClient message) {
    if (message instanceof Publish publish
        && !sequence(client.clientId(), publish.qos().level())
            .leaves(publish.data().toUtf8String())) {
      throw new Violation(client.clientId() + ": " + publish + " is overtaken");
    }
  }

  private Sequence sequence(String clientId, int qos) {
    return byClientAndQos.computeIfAbsent(
        clientId + "/" + qos, key -> new Sequence(arrivals(sharing.mqttClientId(clientId), qos)));
  }

  /** What came over a connection: with one QoS, or with any where the receivers have their own. */
  private List<String> arrivals(String mqttClientId, int qos) {
    String which = sharing.isOfMany(mqttClientId) ? mqttClientId : mqttClientId + "/" + qos;
    return arrivals.computeIfAbsent(which, key -> new ArrayList<>());
  }
}
