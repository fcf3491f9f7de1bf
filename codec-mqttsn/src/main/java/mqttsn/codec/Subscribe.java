package mqttsn.codec;

/**
 * SUBSCRIBE (§5.4.15).
 *
 * @param qos the QoS asked for, never -1
 */
public record Subscribe(boolean dup, Qos qos, int msgId, SubscribeTopic topic)
    implements ToGateway {

  public Subscribe {
    Wire.checkSubscriptionQos(qos);
    Wire.checkUint16("msgId", msgId);
  }

  @Override
  public MessageType type() {
    return MessageType.SUBSCRIBE;
  }
}
