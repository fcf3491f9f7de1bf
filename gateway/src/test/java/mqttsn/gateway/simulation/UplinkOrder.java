package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;

/** Messages of a client with the same QoS reach the broker in the order of their arrival. */
final class UplinkOrder implements Invariant {

  private final Map<String, Sequence> byClientAndQos = new HashMap<>();
  private final Map<String, Sequence> byPayload = new HashMap<>();

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof Publish publish && publish.qos().level() >= 0) {
      String payload = publish.data().toUtf8String();
      Sequence sequence =
          byClientAndQos.computeIfAbsent(
              client.clientId() + "/" + publish.qos().level(), key -> new Sequence());
      sequence.enters(payload);
      byPayload.put(payload, sequence);
    }
  }

  @Override
  public void arrived(String clientId, long brokerSession, String topicName, String payload) {
    Sequence sequence = byPayload.get(payload);
    if (sequence != null && !sequence.leaves(payload)) {
      throw new Violation(payload + " of " + clientId + " is overtaken");
    }
  }
}
