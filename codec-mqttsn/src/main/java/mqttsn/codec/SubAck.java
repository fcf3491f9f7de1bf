package mqttsn.codec;

/**
 * SUBACK (§5.4.16).
 *
 * @param qos the QoS granted, never -1
 * @param topicId the id of the topic; 0 for a filter with wildcards and for a short name
 */
public record SubAck(Qos qos, int topicId, int msgId, ReturnCode returnCode) implements ToClient {

  public SubAck {
    Wire.checkSubscriptionQos(qos);
    Wire.checkUint16("topicId", topicId);
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.SUBACK;
  }
}
