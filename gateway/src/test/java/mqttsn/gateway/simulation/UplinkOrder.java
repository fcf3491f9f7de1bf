package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;

/** Messages of a client with the same QoS reach the broker in the order of their arrival. */
final class UplinkOrder implements Invariant {

  private final Map<String, Sequence> byClientAndQos = new HashMap<>();
  private final Map<String, Integer> qosByPayload = new HashMap<>();

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof Publish publish && publish.qos().level() >= 0) {
      String payload = publish.data().toUtf8String();
      qosByPayload.put(payload, publish.qos().level());
      sequence(client.clientId(), publish.qos().level()).enters(payload);
    }
  }

  @Override
  public void arrived(String clientId, long brokerSession, String topicName, String payload) {
    Integer qos = qosByPayload.get(payload);
    if (qos != null && !sequence(clientId, qos).leaves(payload)) {
      throw new Violation(payload + " with QoS " + qos + " is overtaken");
    }
  }

  private Sequence sequence(String clientId, int qos) {
    return byClientAndQos.computeIfAbsent(clientId + "/" + qos, key -> new Sequence());
  }
}
