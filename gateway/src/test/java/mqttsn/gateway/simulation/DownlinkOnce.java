package mqttsn.gateway.simulation;

import java.util.HashMap;
import java.util.Map;
import mqttsn.codec.Connect;
import mqttsn.codec.Legible;
import mqttsn.codec.PubAck;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLink;

/**
 * A message with QoS 2 is delivered to its client no more than once, as long as the client
 * remembers, and broker and gateway keep their sessions.
 */
final class DownlinkOnce implements Invariant {

  private static final class Count {
    int queued;
    int delivered;
    boolean isOnce = true;
  }

  private final Map<String, Map<String, Count>> byClient = new HashMap<>();
  private final Map<BrokerLink, String> clientIds = new HashMap<>();

  @Override
  public void opened(BrokerLink link, BrokerConnect connect) {
    clientIds.put(link, connect.clientId());
  }

  @Override
  public void queued(String clientId, String payload, int qos) {
    Count count = counts(clientId).computeIfAbsent(payload, key -> new Count());
    count.queued++;
    count.isOnce &= qos == 2;
  }

  @Override
  public void delivered(ModelClient client, String topicName, String payload) {
    Count count = counts(client.clientId()).get(payload);
    if (count != null && ++count.delivered > count.queued && count.isOnce) {
      throw new Violation(client.clientId() + " gets " + payload + " with QoS 2 again");
    }
  }

  @Override
  public void rebooted(ModelClient client) {
    startAgain(client.clientId());
  }

  @Override
  public void received(ModelClient client, Legible message) {
    boolean isRejected =
        message instanceof PubAck pubAck && pubAck.returnCode() == ReturnCode.INVALID_TOPIC_ID;
    // A rejected PUBLISH is repeated under another MsgId (§6.10), and a copy of it may be accepted.
    if (isRejected || (message instanceof Connect connect && connect.cleanSession())) {
      startAgain(client.clientId());
    }
  }

  @Override
  public void fromBroker(BrokerLink link, BrokerEvent event) {
    if (event instanceof BrokerEvent.Connected connected && !connected.sessionPresent()) {
      startAgain(clientIds.getOrDefault(link, ""));
    }
  }

  /** What was under way may come twice. */
  private void startAgain(String clientId) {
    counts(clientId).values().forEach(count -> count.isOnce = false);
  }

  private Map<String, Count> counts(String clientId) {
    return byClient.computeIfAbsent(clientId, key -> new HashMap<>());
  }
}
