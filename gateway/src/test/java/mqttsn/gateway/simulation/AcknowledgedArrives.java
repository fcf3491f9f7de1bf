package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;

/**
 * What a client got an acknowledgement for has reached the broker, under the name that the client
 * meant; QoS 2 no more than once, as long as the broker keeps its session.
 */
final class AcknowledgedArrives implements Invariant {

  private static final class Sent {
    final ModelClient client;
    final Message message;
    final int connection;
    int arrivals;
    int arrivalsInSession;
    long brokerSession;

    /** Copies without DUP that reached the gateway after the first one: SI-8, they are new. */
    int lateOriginals = -1;

    Sent(ModelClient client, Message message) {
      this.client = client;
      this.message = message;
      this.connection = client.connections();
    }
  }

  private final Sharing sharing;
  private final Map<String, Sent> byPayload = new HashMap<>();

  AcknowledgedArrives(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void offered(ModelClient client, Message message) {
    byPayload.put(message.payload(), new Sent(client, message));
  }

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof Publish publish && publish.qos() == Qos.TWO && !publish.dup()) {
      Sent sent = byPayload.get(publish.data().toUtf8String());
      if (sent != null) {
        sent.lateOriginals++;
      }
    }
  }

  @Override
  public void arrived(String clientId, long brokerSession, String topicName, String payload) {
    Sent sent = byPayload.get(payload);
    if (sent == null) {
      return;
    }
    sent.arrivals++;
    sent.arrivalsInSession = sent.brokerSession == brokerSession ? sent.arrivalsInSession + 1 : 1;
    sent.brokerSession = brokerSession;
    boolean isOfThisConnection = sent.connection == sent.client.connections();
    // Without a connection a client is nobody, and has no names of its own.
    String meant =
        sent.message.qos() < 0
            ? sent.message.topicName()
            : sharing.nameAtBroker(sent.client.clientId(), sent.message.topicName());
    if (isOfThisConnection && !topicName.equals(meant)) {
      throw new Violation(payload + " arrives on " + topicName + ", but is for " + meant);
    }
    if (isOfThisConnection
        && sent.message.qos() == 2
        && sent.arrivalsInSession > 1 + Math.max(0, sent.lateOriginals)) {
      throw new Violation(payload + " has QoS 2 and arrives again");
    }
  }

  @Override
  public void acknowledged(ModelClient client, Message message) {
    Sent sent = byPayload.get(message.payload());
    if (sent == null || sent.arrivals == 0) {
      throw new Violation(message + " is acknowledged and has not arrived");
    }
  }
}
