package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mqttsn.codec.Legible;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.Action;
import mqttsn.gateway.session.Settings;

/**
 * What a client got an acknowledgement for has reached the broker, or will reach it from the
 * durable queue unless it is counted there as dropped, under the name that the client meant; QoS 2
 * no more than once, as long as the broker keeps its session.
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
  private final boolean hasQueue;
  private final QueueDrops drops = new QueueDrops();

  /** What the durable queue has taken, by payload. */
  private final Set<String> promised = new TreeSet<>();

  private final Map<String, Sent> byPayload = new HashMap<>();

  AcknowledgedArrives(Settings settings) {
    this.sharing = Sharing.of(settings);
    this.hasQueue = settings.queue().isOn();
  }

  @Override
  public void offered(ModelClient client, Message message) {
    byPayload.put(message.payload(), new Sent(client, message));
  }

  @Override
  public void received(ModelClient client, Legible message) {
    if (message instanceof Publish publish && publish.qos() == Qos.TWO) {
      Sent sent = byPayload.get(publish.data().toUtf8String());
      if (sent != null) {
        sent.lateOriginals += publish.dup() ? 0 : 1;
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
    promised.remove(payload);
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
    boolean hasArrived = sent != null && sent.arrivals > 0;
    if (!hasArrived && hasQueue && sharing.isShared(client.clientId())) {
      promised.add(message.payload());
    } else if (!hasArrived) {
      throw new Violation(message + " is acknowledged and has not arrived");
    }
  }

  @Override
  public void acted(List<Action> actions) {
    drops.acted(actions);
  }

  @Override
  public void calm(World world) {
    promised.removeIf(drops::has);
    if (!promised.isEmpty()) {
      throw new Violation("acknowledged, but never arrived: " + promised);
    }
  }
}
