package mqttsn.gateway.session;

import java.util.List;
import java.util.Set;
import mqttsn.codec.Octets;
import mqttsn.codec.Publish;
import mqttsn.codec.Qos;
import mqttsn.codec.SubscribeTopic;
import mqttsn.codec.ToClient;
import mqttsn.topic.TopicTable;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows, as a value that can be written down and read back by another process.
 *
 * @param sleepSeconds duration of the sleep; 0 when the client is not asleep
 * @param silentNanos time since the last message of the client
 * @param exchanges publishes of the client under way
 * @param completed MsgIds of QoS 2 publishes of the client that ended lately, the oldest first
 * @param outstanding the message that the client has not acknowledged; null for none
 * @param waiting messages that wait behind it and that the broker cannot bring again, or not as the
 *     same message
 * @param received the broker's packet identifiers of QoS 2 messages that the client has and the
 *     broker has not released
 * @param lastMsgId the last MsgId of the gateway
 * @param lastPacketIdentifier the last packet identifier of the gateway
 * @param leavingWill the will that is on its way because the client was lost; null for none
 */
public record SessionRecord(
    String clientId,
    ClientAddress address,
    State state,
    boolean cleanSession,
    int durationSeconds,
    int sleepSeconds,
    long silentNanos,
    @Nullable Will will,
    TopicTable.Snapshot topics,
    List<Subscription> subscriptions,
    List<Exchange> exchanges,
    List<Integer> completed,
    @Nullable Outstanding outstanding,
    List<Message> waiting,
    Set<Integer> received,
    int lastMsgId,
    int lastPacketIdentifier,
    @Nullable Will leavingWill) {

  /** A subscription that the broker granted. */
  public record Subscription(SubscribeTopic topic, String topicFilter, Qos qos) {}

  /**
   * A QoS 1 or 2 publish of the client.
   *
   * @param packetIdentifier under which the broker may know it; 0 when it was not sent
   * @param phase how far it is
   * @param awaited whether the client waits for the answer
   * @param abandoned whether the client began another exchange instead
   */
  public record Exchange(
      Publish publish,
      String topicName,
      int packetIdentifier,
      ExchangePhase phase,
      boolean awaited,
      boolean abandoned) {}

  /** How far a publish of the client is. */
  public enum ExchangePhase {
    PUBLISHED,
    RECEIVED,
    RELEASED
  }

  /**
   * A message for the client.
   *
   * @param packetIdentifier the broker's; 0 when the broker does not have the message any more
   * @param msgId under which a client may have received it with QoS 2; 0 for none
   */
  public record Message(
      String topicName, Octets payload, Qos qos, boolean retain, int packetIdentifier, int msgId) {}

  /**
   * A message that was sent to the client.
   *
   * @param lastSent its REGISTER, PUBLISH or PUBREL, which is sent again
   */
  public record Outstanding(Message message, ToClient lastSent) {}
}
