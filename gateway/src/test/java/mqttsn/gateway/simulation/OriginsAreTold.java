package mqttsn.gateway.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerLink;

/**
 * A publish over a shared connection tells whose it is, and has a sequence number of that client
 * that no other message of it ever has; new ones with the same QoS rise.
 */
final class OriginsAreTold implements Invariant {

  private static final class Numbers {
    final Map<Long, String> payloads = new HashMap<>();
    final Map<Qos, Long> highest = new EnumMap<>(Qos.class);
  }

  private final Sharing sharing;
  private final Map<String, String> senders = new HashMap<>();
  private final Map<String, Numbers> byClient = new HashMap<>();

  /** Payloads that were sent before: their copies may stand anywhere behind. */
  private final Set<String> sent = new HashSet<>();

  OriginsAreTold(Sharing sharing) {
    this.sharing = sharing;
  }

  @Override
  public void offered(ModelClient client, Message message) {
    if (message.qos() >= 0) {
      senders.put(message.payload(), client.clientId());
    }
  }

  @Override
  public void commanded(String mqttClientId, BrokerLink link, BrokerCommand command) {
    if (!(command instanceof BrokerCommand.Publish publish)) {
      return;
    }
    String payload = publish.payload().toUtf8String();
    BrokerCommand.Origin origin = publish.origin();
    String sender = senders.get(payload);
    boolean isShared = sender != null && sharing.isShared(sender);
    if (isShared && (origin == null || !origin.clientId().equals(sender))) {
      throw new Violation(payload + " is of " + sender + ", but its origin is " + origin);
    }
    // With "ack: broker" a will waits for the broker where publishes of the client's next life do
    // not.
    if (origin != null && !publish.topicName().contains("will/")) {
      numbered(origin, publish.qos(), payload);
    }
  }

  private void numbered(BrokerCommand.Origin origin, Qos qos, String payload) {
    Numbers numbers = byClient.computeIfAbsent(origin.clientId(), key -> new Numbers());
    String before = numbers.payloads.put(origin.sequence(), payload);
    boolean isNew = before == null;
    boolean isRepeated = !sent.add(payload);
    long highest = numbers.highest.getOrDefault(qos, -1L);
    if (isNew && !isRepeated && origin.sequence() <= highest) {
      throw new Violation(payload + " has a number out of order: " + origin);
    }
    if (!isNew && !payload.equals(before)) {
      throw new Violation(payload + " has the number of " + before + ": " + origin);
    }
    numbers.highest.put(qos, Math.max(highest, origin.sequence()));
  }
}
