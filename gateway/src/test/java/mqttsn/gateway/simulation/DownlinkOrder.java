package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Publish;
import mqttsn.codec.ToClient;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;

/** Messages of the broker with the same QoS leave for the client in the order of their arrival. */
final class DownlinkOrder implements Invariant {

  private final Map<String, Sequence> byClientAndQos = new HashMap<>();
  private final Map<BrokerLink, String> clientIds = new HashMap<>();

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    clientIds.put(link, connect.clientId());
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Publish publish) {
      sequence(clientIds.getOrDefault(link, ""), publish.qos().level())
          .enters(publish.payload().toUtf8String());
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
    return byClientAndQos.computeIfAbsent(clientId + "/" + qos, key -> new Sequence());
  }
}
